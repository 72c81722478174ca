// What the finished seeds say: the difference between the arms with its interval, and the figures behind it.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Figure } from '../../figures/figureData';
import { intervalText, probability } from '../../studies/finding';
import { fixed } from '../../studies/format';
import type { Results } from '../../studies/results';
import { Explain, Part } from '../kit/page';
import { Table } from '../kit/table';
import type { Analysed, ToAnalyse } from './analysis';
import { FigureView } from './figure';
import { byLatentFigure, replicasFigure, termTitles, trainingFigure } from './figures';
import type { ArmNow } from './session';
import { armNames, type Side, type State, sides } from './state';

interface Found {
  readonly results: Results | null;
  readonly figures: readonly Figure[];
}

/** What the worker makes of the records, whenever there are others. */
export function useAnalysis(state: State, arms: Readonly<Record<Side, ArmNow>>): Found {
  const [found, setFound] = useState<Found>({ results: null, figures: [] });
  const worker = useRef<Worker | null>(null);
  const asked = useRef(0);
  const { left, right } = arms;
  useEffect(() => {
    if (left.records.size + right.records.size === 0) {
      asked.current++;
      setFound({ results: null, figures: [] });
      return;
    }
    worker.current ??= new Worker(new URL('./analysis.js', import.meta.url), { type: 'module' });
    worker.current.onmessage = ({ data }: MessageEvent<Analysed>) => {
      if (data.id === asked.current) setFound(data);
    };
    // What was found before is not of these arms.
    worker.current.onerror = (event) => {
      event.preventDefault();
      setFound({ results: null, figures: [] });
    };
    const message: ToAnalyse = { id: ++asked.current, state, records: { left: left.records, right: right.records } };
    worker.current.postMessage(message);
  }, [left.records, right.records, state.base, state.arms]);
  return found;
}

const firstOf = (figures: readonly Figure[], kinds: readonly Figure['kind'][]): Figure[] =>
  kinds.flatMap((kind) => figures.filter((figure) => figure.kind === kind));

export function Difference({ state, found }: { readonly state: State; readonly found: Found }) {
  const names = armNames(state);
  const contrast = found.results?.analysis.contrasts[0];
  const unscored = (found.results?.records ?? []).some(({ measures }) => measures.scores === null);
  if (contrast === undefined || contrast.n === 0)
    return (
      <div class="difference" aria-live="polite">
        <p class="figure-number">–</p>
        <p class="note">
          {unscored
            ? 'These data have no factors that vary, so nothing can be scored; losses and information are below.'
            : 'No seed is finished in both arms yet: train, and the difference in MIG appears here, seed by seed.'}
        </p>
      </div>
    );
  const { difference, flipInterval, pValue, n, signs, means } = contrast;
  return (
    <div class="difference" aria-live="polite">
      <p class="figure-number">{fixed(difference, 3)}</p>
      <p>
        MIG of <b>{names.right}</b> less <b>{names.left}</b>, {n} seed{n === 1 ? '' : 's'}: {fixed(means[0], 2)} →{' '}
        {fixed(means[1], 2)}; 95 % interval <b>{intervalText(flipInterval)}</b>; p {probability(pValue)}; {signs[0]}{' '}
        down, {signs[1]} up.
      </p>
      {state.text && <p class="finding">{found.results?.finding}</p>}
    </div>
  );
}

interface Props {
  readonly state: State;
  readonly arms: Readonly<Record<Side, ArmNow>>;
  readonly found: Found;
  readonly seed: number;
  readonly onSeed: (seed: number) => void;
  /** Tests the seed's models for invariance; undefined while something runs. */
  readonly onTest: (() => void) | undefined;
}

export function Training({ state, arms }: Pick<Props, 'state' | 'arms'>) {
  const terms = termsOf(arms);
  return (
    <Part id="training" title="While they train" hidden={state.hide.includes('training')}>
      <Explain
        what="What am I looking at?"
        formula="bound = −ln p(x|z) + KL(q(z|x) ‖ p(z)), nats"
        more="docs/guide/04-posterior.html"
      >
        The loss in its parts. Reconstruction says how well the decoder draws x again, KL how much the codes say of x at
        most, TC(z|x) how much the latents are coupled given x: 0 for a factorized posterior, by construction.
      </Explain>
      <div class="grid">
        {terms.map((term) => (
          <FigureView key={term} figure={trainingFigure(state, arms, term)} wide={480} />
        ))}
      </div>
    </Part>
  );
}

function termsOf(arms: Readonly<Record<Side, ArmNow>>): string[] {
  const named = sides.flatMap((side) => {
    const { points, records } = arms[side];
    const [record] = records.values();
    return [...Object.keys(points[0]?.terms ?? {}), ...Object.keys(record?.curves ?? {})];
  });
  const all = [...new Set([...Object.keys(termTitles), ...named])];
  return all.filter((term) => !term.startsWith('mig'));
}

export function Evidence({ state, arms, found, seed, onSeed, onTest }: Props) {
  const { hide } = state;
  const seeds = [...new Set(sides.flatMap((side) => [...arms[side].records.keys()]))].sort((a, b) => a - b);
  const both = firstOf(found.figures, ['differences', 'scores', 'factors', 'coupling', 'learning']);
  const pointwise = firstOf(found.figures, ['pointwise']);
  return (
    <>
      <Part id="scores" title="How disentangled?" hidden={hide.includes('scores')}>
        <Explain
          what="What is MIG?"
          formula="MIG = mean over factors of (I(best latent; factor) − I(second; factor)) / H(factor)"
          more="docs/guide/09-scores.html"
        >
          The mutual information gap: for every true factor, how much more the best latent knows of it than the second
          best, as a share of all there is to know. 1 is perfect; chance and ceiling are drawn.
        </Explain>
        <div class="grid">
          <FigureView figure={replicasFigure(state, arms)} wide={480} />
          {both.map((figure) => (
            <FigureView key={figure.kind} figure={figure} wide={480} />
          ))}
        </div>
      </Part>
      <Part
        id="information"
        title="What do the latents know, and is it invariant?"
        hidden={hide.includes('information')}
      >
        <Explain
          what="What would invariant mean?"
          formula="M_i(c) = I(z_i; x | z₋ᵢ = c) equals I_i = I(z_i; x) for all c"
          more="docs/guide/02-assumption.html"
        >
          A latent whose information about x does not depend on what the other latents are. M(c) is that information at
          values c of the others; the test says “invariant” only when the data show equivalence, and “inconclusive” when
          they show nothing.
        </Explain>
        {seeds.length > 0 && (
          <label>
            Seed{' '}
            <select value={seed} onChange={(event) => onSeed(Number(event.currentTarget.value))}>
              {seeds.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
        )}
        <div class="grid">
          <FigureView figure={byLatentFigure(state, arms, seed)} wide={480} />
          {pointwise.map((figure) => (
            <FigureView key={figure.kind} figure={figure} wide={480} />
          ))}
        </div>
        <Verdicts state={state} arms={arms} seed={seed} />
        {seeds.includes(seed) && sides.some((side) => !arms[side].records.get(seed)?.measures.invariance) && (
          <p>
            <button type="button" onClick={onTest} disabled={onTest === undefined}>
              Test the models of seed {seed} for invariance
            </button>{' '}
            <span class="note">It looks at many values c of the other latents: about as long as ten trainings.</span>
          </p>
        )}
      </Part>
    </>
  );
}

/** The test's verdict for every latent of one seed's models. */
function Verdicts({ state, arms, seed }: Pick<Props, 'state' | 'arms' | 'seed'>) {
  const names = armNames(state);
  const rows = sides.flatMap((side) =>
    (arms[side].records.get(seed)?.measures.invariance?.latents ?? []).map((latent) => ({
      arm: names[side],
      ...latent,
    })),
  );
  if (rows.length === 0) return null;
  return (
    <Table
      label="Verdicts of the invariance test"
      caption={`Is what a latent knows invariant to the others? Seed ${seed}; τ is the spread of M(c) over c, nats`}
      head={['arm', 'latent', 'verdict', 'p', 'τ', '95 %']}
      rows={rows.map(({ arm, index, verdict, pValue, tau, interval }) => [
        arm,
        index + 1,
        verdict,
        Number.isFinite(pValue) ? probability(pValue) : '–',
        fixed(tau),
        interval === null ? '–' : `${fixed(interval[0])} to ${fixed(interval[1])}`,
      ])}
    />
  );
}
