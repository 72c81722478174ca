// Save a model as a file that Python reads, load it, use it, and train on as if it had never stopped
import { openExecutor } from 'unweave';
import { loadState, saveState, squares } from 'unweave/data';
import { betaVae, encode, full, restore, train, vae } from 'unweave/models';

const options = { data: squares(), objective: betaVae({ beta: 4 }), batch: 32, learningRate: 2e-3, seeds: [1] };
const make = () => vae({ replicas: 1, input: 256, hidden: [32], posterior: full(3, [true]) });

const executor = await openExecutor();
const { state } = await train(executor, make(), { ...options, steps: 200 });
const file = saveState(state, { model: 'vae 256-32-3, full' });
console.log(file.length, 'bytes of safetensors');

const loaded = loadState(file);
const model = make();
restore(executor, model, loaded);
const { cholesky } = await encode(executor, model, options.data, { rows: [0, 1] });
console.log('two posteriors, a factor of', cholesky[0].length / 2, 'numbers each; step', loaded.step);

const on = await train(executor, make(), { ...options, steps: 300, from: loaded });
const whole = await train(executor, make(), { ...options, steps: 300 });
console.log(on.state.values.parameters.every((value, i) => value === whole.state.values.parameters[i]));

/* prints
208636 bytes of safetensors
two posteriors, a factor of 9 numbers each; step 200
true
*/
