import { Device, type Tensor } from '../../../src/engine';
import { cases } from '../../cases/ops';

/** The values of every case whose op is `op`, computed on the GPU. */
export async function runCases(op: string): Promise<{ name: string; values: number[] }[]> {
  using device = await Device.open();
  const results: { name: string; values: number[] }[] = [];
  for (const c of cases.filter((each) => each.op === op)) {
    const output: Tensor = c.build(...c.inputs);
    using program = await device.compile({ outputs: { output } });
    await program.run();
    const values = output.dtype === 'f32' ? await program.read('output') : await program.readIntegers('output');
    results.push({ name: c.name, values: Array.from(values) });
  }
  return results;
}
