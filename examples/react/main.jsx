// <unweave-lab> in React: attributes are props, events are listened to by a ref.

import { useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import 'unweave/lab';

function Lab({ posterior, onDone }) {
  const lab = useRef(null);
  useEffect(() => {
    const done = (event) => onDone(event.detail);
    const { current } = lab;
    current.addEventListener('unweave-done', done);
    return () => current.removeEventListener('unweave-done', done);
  }, [onDone]);
  return <unweave-lab ref={lab} data="squares" posterior={posterior} seed="1" steps="200" />;
}

function App() {
  const [result, setResult] = useState(null);
  useEffect(() => {
    if (result !== null) document.body.dataset.done = 'true';
  }, [result]);
  return (
    <>
      <Lab posterior="full" onDone={setResult} />
      <p>{result === null ? 'training' : `MIG ${result.record.measures.scores.own.values.mig.toFixed(2)}`}</p>
    </>
  );
}

createRoot(document.getElementById('app')).render(<App />);
