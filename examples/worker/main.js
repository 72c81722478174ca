// The page's side: it starts the worker, and shows the losses as they come.

const worker = new Worker(new URL('./training.js', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => {
  document.querySelector('output').textContent =
    `step ${data.step}: reconstruction ${data.reconstruction.toFixed(1)} nats`;
  if (data.step === data.steps) document.body.dataset.done = 'true';
};
