// Reads the results of both elements when they are done.

const labs = [...document.querySelectorAll('unweave-lab')];
let done = 0;
for (const lab of labs)
  lab.addEventListener('unweave-done', () => {
    done += 1;
    const all = labs.map((each) => each.results().record?.measures.rotation.conditionalTc.toFixed(3) ?? '…');
    document.querySelector('output').textContent = `TC(z|x): ${all.join(' and ')} nats`;
    if (done === labs.length) document.body.dataset.done = 'true';
  });
