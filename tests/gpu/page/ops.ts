import { Device, type Tensor } from '../../../src/engine';
import { measureCases } from '../../cases/measures';
import { cases } from '../../cases/ops';

export interface CaseValues {
  readonly name: string;
  /** As bits, so that NaN, infinities and the sign of 0 survive the way to Node. */
  readonly bits: number[];
}

/** The values of every case whose op is `op`, computed on the GPU. */
export async function runCases(op: string): Promise<CaseValues[]> {
  const own = cases.filter((c) => c.op === op);
  return compute(own.map(({ name, inputs, build }) => ({ name, tensor: build(...inputs) })));
}

export async function runMeasureCases(op: string): Promise<CaseValues[]> {
  const own = measureCases.filter((c) => c.op === op);
  return compute(own.map(({ name, build }) => ({ name, tensor: build() })));
}

async function compute(outputs: readonly { name: string; tensor: Tensor }[]): Promise<CaseValues[]> {
  using device = await Device.open();
  const results: CaseValues[] = [];
  for (const { name, tensor } of outputs) {
    using program = await device.compile({ outputs: { output: tensor } });
    await program.run();
    const values = tensor.dtype === 'f32' ? await program.read('output') : await program.readIntegers('output');
    results.push({ name, bits: Array.from(new Uint32Array(values.buffer)) });
  }
  return results;
}
