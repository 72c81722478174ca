// A live curve: called every 25 steps, paused and gone on, and stopped half-way with what there is
import { openExecutor } from 'unweave';
import { squares } from 'unweave/data';
import { betaVae, factorized, train, vae } from 'unweave/models';

const executor = await openExecutor();
const model = vae({ replicas: 1, input: 256, hidden: [32], posterior: factorized(3, 1) });
const stop = new AbortController();
let paused = false;
let state;
try {
  await train(executor, model, {
    data: squares(),
    objective: betaVae({ beta: 1 }),
    steps: 1000,
    batch: 32,
    learningRate: 2e-3,
    seeds: [1],
    every: 25,
    saveEvery: 100,
    signal: stop.signal,
    onMeasured({ reconstruction }, first) {
      if (first % 100 === 75) console.log('step', first + reconstruction.length, reconstruction.at(-1)[0].toFixed(1));
      if (first + reconstruction.length === 100) paused = true;
      if (first + reconstruction.length === 300) stop.abort();
    },
    // Asked before every block: whoever waits here pauses the run.
    async pace() {
      if (paused) await new Promise((goOn) => setTimeout(goOn, 20));
      paused = false;
      return 100;
    },
    onSave: (saved) => {
      state = saved;
    },
  });
} catch (reason) {
  console.log(reason.name, 'with the state of step', state.step);
}

/* prints
step 100 37.0
step 200 29.1
step 300 22.9
AbortError with the state of step 300
*/
