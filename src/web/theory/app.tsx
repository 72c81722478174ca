// The theory lab: sliders over worlds in which everything is known, exact values beside live estimates, and a sentence that says what the state shows.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { probability } from '../../studies/finding';
import { hashOfPairs, type Pairs, pairsOf } from '../kit/hash';
import { Explain, Header, mount, Notices, Part } from '../kit/page';
import type { Answer, Asked } from './estimates';
import { FigureView } from './figure';
import { bridgeFigure, estimatesFigure, pointwiseFigure, turnFigure } from './figures';
import { conditionsOf, sentence } from './says';
import type { Exact, Values } from './scene';
import { cases, defaultsOf, type SceneName, scenes } from './scenes';

interface State {
  readonly scene: SceneName;
  readonly values: Values;
  readonly seed: number;
}

export function stateOf(pairs: Pairs): { readonly state: State; readonly notices: readonly string[] } {
  const notices: string[] = [];
  const asked = pairs.get('scene') ?? 'linear';
  const scene = (Object.hasOwn(scenes, asked) ? asked : 'linear') as SceneName;
  if (scene !== asked) notices.push(`scene=${asked} was left out: it is one of ${Object.keys(scenes).join(', ')}.`);
  const values: Record<string, number> = { ...defaultsOf(scene) };
  for (const { key, least, most } of scenes[scene].sliders) {
    const text = pairs.get(key);
    if (text === undefined) continue;
    const value = Number(text);
    if (text !== '' && value >= least && value <= most) values[key] = value;
    else notices.push(`${key}=${text} was left out: it is a number from ${least} to ${most}.`);
  }
  const seed = Number(pairs.get('seed') ?? 1);
  return { state: { scene, values, seed: Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32 ? seed : 1 }, notices };
}

const hashOf = ({ scene, values, seed }: State): string =>
  hashOfPairs([['scene', scene], ...Object.entries(values), ['seed', seed]]);

type Of<Kind extends Answer['kind']> = Extract<Answer, { kind: Kind }>;

/** What was found, and the state that it was found for. */
interface Exactly {
  readonly of: State;
  readonly exact: Exact;
}
interface Estimated {
  readonly of: State;
  readonly estimates: Of<'estimates'> | null;
  readonly test: Of<'test'>['test'] | null;
}

/** What the workers find for a state: one is quick and always free, the other takes seconds. An answer that is out of date is dropped. */
function useAnswers(state: State, onProblem: (message: string) => void) {
  const [exactly, setExactly] = useState<Exactly | null>(null);
  const [estimated, setEstimated] = useState<Estimated | null>(null);
  const workers = useMemo(
    () => [0, 1].map(() => new Worker(new URL('./estimates.js', import.meta.url), { type: 'module' })),
    [],
  );
  const asked = useRef(0);
  useEffect(() => {
    const id = ++asked.current;
    const hear = ({ data }: MessageEvent<Answer>): void => {
      if (data.id !== asked.current) return;
      if (data.kind === 'failed') onProblem(data.message);
      else if (data.kind === 'exact') setExactly({ of: state, exact: data.exact });
      else if (data.kind === 'estimates') setEstimated({ of: state, estimates: data, test: null });
      else setEstimated((before) => ({ of: state, estimates: before?.estimates ?? null, test: data.test }));
    };
    for (const [w, worker] of workers.entries()) {
      worker.onmessage = hear;
      worker.onerror = (event) => onProblem(event.message || 'a worker could not be started');
      const message: Asked = { id, ...state, want: w === 0 ? 'exact' : 'estimates' };
      worker.postMessage(message);
    }
  }, [state]);
  const found = estimated?.of === state ? estimated : null;
  return {
    current: exactly?.of === state,
    exact: exactly?.exact ?? null,
    estimates: found?.estimates ?? null,
    test: found?.test ?? null,
  };
}

function App() {
  const opened = useMemo(() => stateOf(pairsOf(location.hash)), []);
  const [state, setState] = useState(opened.state);
  const [notices, setNotices] = useState(opened.notices);
  const { current, exact, estimates, test } = useAnswers(state, (message) => setNotices([message]));
  const scene = scenes[state.scene];
  useEffect(() => {
    const changed = () => {
      const next = stateOf(pairsOf(location.hash));
      setState(next.state);
      setNotices(next.notices);
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  const show = (next: State, push: boolean): void => {
    setState(next);
    if (push) history.pushState(null, '', hashOf(next));
    else history.replaceState(null, '', hashOf(next));
  };
  const choose = (name: SceneName, values: Values = {}) =>
    show({ ...state, scene: name, values: { ...defaultsOf(name), ...values } }, true);
  return (
    <div
      class="app"
      data-state={
        !current ? 'starting' : test !== null || (estimates !== null && !('components' in scene)) ? 'done' : 'measuring'
      }
    >
      <Header current="theory" />
      <main id="main" tabIndex={-1}>
        <h1>When does a latent carry its information by itself?</h1>
        <p class="lead">
          Two latents, z₁ and z₂, say something of x. I is what latent 1 says of x by itself, C what it says when latent
          2 is known. Invariance asks that C = I, on average or for every value of latent 2. Move a slider, and watch
          which theorem holds.
        </p>
        <Notices notices={notices} onClose={() => setNotices([])} />
        <div class="toolbar" role="group" aria-label="Cases">
          {cases.map(({ name, scene: of, values }) => (
            <button
              key={name}
              type="button"
              aria-pressed={
                of === state.scene &&
                Object.entries({ ...defaultsOf(of), ...values }).every(([key, value]) => state.values[key] === value)
              }
              onClick={() => choose(of, values)}
            >
              {name}
            </button>
          ))}
        </div>
        <div class="sides">
          <section aria-label="The world">
            <h2>{scene.title}</h2>
            <p>{scene.about}</p>
            <p class="formula">{scene.formula}</p>
            {scene.sliders.map(({ key, label, least, most, step }) => (
              <label key={`${state.scene} ${key}`} class="slider">
                {label}: {state.values[key]}
                <input
                  type="range"
                  min={least}
                  max={most}
                  step={step}
                  value={state.values[key]}
                  onInput={(event) =>
                    show({ ...state, values: { ...state.values, [key]: Number(event.currentTarget.value) } }, false)
                  }
                />
              </label>
            ))}
            <button type="button" onClick={() => show({ ...state, seed: state.seed + 1 }, false)}>
              Draw other samples (seed {state.seed})
            </button>
          </section>
          <section aria-label="What it shows">
            <h2>What it shows</h2>
            <p class="says" role="status">
              {exact === null ? '…' : sentence(exact)}
            </p>
            {exact !== null && <Holds exact={exact} />}
            {test !== null && (
              <p>
                The test of invariance sees samples only: <b>{test.verdict}</b>, p {probability(test.adjustedPValue)}; M
                varies by τ = {test.tau.value.toFixed(3)} nats (95 % {test.tau.interval[0].toFixed(3)} to{' '}
                {test.tau.interval[1].toFixed(3)}).
              </p>
            )}
          </section>
        </div>
        {exact !== null && (
          <Part id="figures" title="Exact, and estimated">
            <Explain
              what="I, C, R, S"
              formula="I = I(z₁; x) · C = I(z₁; x | z₂) · R = I(z₁; z₂) · S = I(z₁; z₂ | x)"
              more="docs/guide/03-theorems.html"
            >
              Information is counted in nats: how many times e-fold knowing one thing narrows another. R is what the
              latents share, S what couples them once x is known; a factorized posterior has S = 0 whatever it learns.
            </Explain>
            <div class="grid">
              <FigureView figure={bridgeFigure(exact)} wide={520} />
              <FigureView figure={estimatesFigure(exact, estimates?.estimates ?? null)} wide={520} />
              <FigureView figure={pointwiseFigure(exact, test)} wide={520} />
              {state.scene === 'decoder' && <FigureView figure={turnFigure(state.values)} wide={520} />}
            </div>
            {estimates !== null && (
              <p class="note">
                Estimates from {estimates.samples.toLocaleString('en')} samples, k = 5, in a worker of this page.
              </p>
            )}
          </Part>
        )}
      </main>
    </div>
  );
}

function Holds({ exact }: { readonly exact: Exact }) {
  const { independent, conditionally, averaged, pointwise, constant } = conditionsOf(exact);
  const rows: readonly (readonly [string, boolean])[] = [
    ['independent: R = 0', independent],
    ['independent given x: S = 0', conditionally],
    ['invariant on average: C = I', averaged],
    ['invariant at every c: M(c) = I', pointwise],
    ['the same at every c', constant],
  ];
  return (
    <ul class="holds">
      {rows.map(([what, holds]) => (
        <li key={what} class={holds ? 'yes' : 'no'}>
          {holds ? '✓' : '✗'} {what}
        </li>
      ))}
    </ul>
  );
}

mount(<App />);
