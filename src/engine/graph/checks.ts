// What both executors refuse, and how: data that does not fit, values that are not kept, outputs that are not there.

import { BusyError, InputError, ShapeError } from '../errors';
import { checkData, type DataLike } from './data';
import { type Evaluated, type Executor, readAs, withProgram } from './executor';
import type { Graph } from './schedule';
import { sizeOf } from './shape';
import type { Dtype, Tensor } from './tensor';
import { rootOf } from './tensor';

/** Refuses data that does not fit a variable, and anything that is not a variable. */
export function checkWrite(variable: Tensor, data: DataLike): void {
  if (variable.source.kind !== 'variable')
    throw new ShapeError('write', 'only a variable can be written', [variable.shape]);
  const { name } = variable.source;
  checkData(`write: ${name} is ${variable.dtype}`, data, variable.dtype);
  if (data.length !== sizeOf(variable.shape))
    throw new ShapeError('write', `${name} is ${variable.dtype} and was given ${data.length} numbers`, [
      variable.shape,
    ]);
}

/** Refuses tensors whose values an executor does not keep, or keeps as another type. */
export function checkRead(tensor: Tensor, dtype: Dtype): void {
  const { source } = rootOf(tensor).root;
  if (source.kind === 'operation') {
    throw new InputError(
      `read: the result of ${source.operation.name} is not kept; make it the output of a program, or use evaluate({ y })`,
    );
  }
  checkDtype('the tensor', tensor, dtype);
}

/** The output of a graph by its name. Throws InputError, with the names there are, or where its type is another than `dtype`. */
export function outputNamed(graph: Graph, name: string, dtype?: Dtype): Tensor {
  if (!Object.hasOwn(graph.outputs, name)) {
    const names = Object.keys(graph.outputs).join(', ') || 'none';
    throw new InputError(`read: the program has no output ${name}; there are: ${names}`);
  }
  if (dtype !== undefined) checkDtype(`output ${name}`, graph.outputs[name], dtype);
  return graph.outputs[name];
}

function checkDtype(what: string, tensor: Tensor, dtype: Dtype): void {
  if (tensor.dtype === dtype) return;
  throw new InputError(`${what} is ${tensor.dtype}, not ${dtype}: use ${dtype === 'f32' ? 'readIntegers' : 'read'}`);
}

/** Throws InputError unless a program can run so many steps. */
export function checkSteps(steps: number): void {
  if (!Number.isSafeInteger(steps) || steps < 0)
    throw new InputError(`run: the number of steps must be a whole number, not ${steps}`);
}

/** Refuses to free what is no variable, or is in use: `programs` says by how many. */
export function checkFree(variables: readonly Tensor[], programs: (variable: Tensor) => number): void {
  for (const variable of variables) {
    if (variable.source.kind !== 'variable')
      throw new ShapeError('free', 'only a variable can be freed', [variable.shape]);
    const users = programs(variable);
    if (users > 0) {
      throw new BusyError(
        `free: variable ${variable.source.name} is used by ${users} program${users === 1 ? '; dispose of it' : 's; dispose of them'} first`,
      );
    }
  }
}

/** `Executor.evaluate` on any executor. */
export async function evaluateOn<Name extends string>(
  executor: Pick<Executor, 'compile'>,
  outputs: Readonly<Record<Name, Tensor>>,
): Promise<Evaluated<Name>> {
  return withProgram(executor, { outputs }, async (program) => {
    await program.run();
    const values: Partial<Evaluated<Name>> = {};
    for (const name of Object.keys(outputs) as Name[]) values[name] = await readAs(program, name, outputs[name].dtype);
    return values as Evaluated<Name>;
  });
}
