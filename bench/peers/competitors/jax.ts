// jax-js on its WebGPU and WebAssembly devices. Its arrays are counted references: a function consumes its arguments, and
// `.ref` keeps one.

import type { Array as JaxArray } from '@jax-js/jax';
import type { Matmul, Step } from '../cases';
import type { Competitor, Prepared } from './competitor';
import { native, stepOf } from './jaxStep';

export type Jax = typeof import('@jax-js/jax');

/**
 * Results that are on their way at once. The arrays are lazy: waiting for one submits it. Without a few ahead every call
 * would wait for the one before it, and with all of them every result would need memory of its own.
 */
const AHEAD = 16;

/** `library` must serve this device alone: what it caches of one device's traces sends another's work there. */
export function jax(device: 'webgpu' | 'wasm', library: Jax): Competitor {
  return {
    name: `jax-js-${device}`,
    async open() {
      const available = await library.init(device);
      if (!available.includes(device)) throw new Error(`the ${device} device did not start`);
      library.defaultDevice(device);
    },
    activate: () => Promise.resolve(),
    prepare: (work) =>
      Promise.resolve(work.kind === 'matmul' ? prepareMatmul(library, work) : prepareStep(library, work)),
  };
}

function prepareMatmul({ jit, numpy }: Jax, { m, n, k, a, b }: Matmul): Prepared {
  const x = numpy.array(Float32Array.from(a), { shape: [m, k] });
  const y = numpy.array(Float32Array.from(b), { shape: [k, n] });
  const multiply = jit((left: JaxArray, right: JaxArray) => numpy.matmul(left, right));
  return {
    async run(times) {
      const ahead: { product: JaxArray; ready: Promise<unknown> }[] = [];
      const takeFirst = async () => {
        const first = ahead.shift();
        await first?.ready;
        first?.product.dispose();
      };
      for (let i = 1; i < times; i++) {
        const product = multiply(x.ref, y.ref);
        ahead.push({ product, ready: product.blockUntilReady() });
        if (ahead.length === AHEAD) await takeFirst();
      }
      while (ahead.length > 0) await takeFirst();
      return Float32Array.from(await multiply(x.ref, y.ref).data());
    },
    dispose() {
      x.dispose();
      y.dispose();
      multiply.dispose();
    },
  };
}

function prepareStep(library: Jax, work: Step): Prepared {
  const { numpy: np, random, jit, blockUntilReady } = library;
  const values = work.initial.map((each) => native(each, work.pixels));
  const x = np.array(Float32Array.from(work.images), { shape: [work.batch, work.pixels] });
  const zeros = () => values.map(({ shape }) => np.zeros([...shape]));
  const step = jit(stepOf(library, work));
  let state = {
    parameters: values.map((each) => np.array(Float32Array.from(each.values), { shape: [...each.shape] })),
    first: zeros(),
    second: zeros(),
    count: np.array(0),
    key: random.key(1),
  };
  const once = (): JaxArray => {
    const made = step(state, x.ref);
    state = made.state;
    return made.loss;
  };
  return {
    async run(times) {
      for (let i = 1; i < times; i++) {
        once().dispose();
        if (i % AHEAD === 0) await blockUntilReady(state.parameters);
      }
      const loss = once();
      const [read] = await Promise.all([loss.data(), state.parameters[1].ref.data()]);
      await blockUntilReady(state);
      return Float32Array.from(read);
    },
    dispose() {
      for (const each of [x, ...state.parameters, ...state.first, ...state.second, state.count, state.key]) {
        each.dispose();
      }
      step.dispose();
    },
  };
}
