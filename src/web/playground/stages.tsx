// A step in slow motion, stage by stage, with the tensors of each; and a look at any tensor of the program.

import { useEffect, useState } from 'preact/hooks';
import { Part } from '../kit/page';
import { type Peeked, stageNames } from '../lab/protocol';
import type { ArmNow, Session } from './session';
import { armNames, type Side, type State, sides } from './state';

/** Milliseconds that a stage is shown. */
const SHOWN = 900;

const about: Readonly<Record<(typeof stageNames)[number], string>> = {
  encode: 'The encoder turns a batch x into the numbers of q(z|x).',
  sample: 'One z is drawn from every q(z|x): mean plus factor times noise.',
  decode: 'The decoder turns z into the logits of x.',
  loss: 'How badly x is drawn, plus β times how far q(z|x) is from the prior.',
  backward: 'The gradient of the loss by every parameter, in one pass back.',
  update: 'Adam moves every parameter against its gradient.',
};

interface Props {
  readonly state: State;
  readonly arms: Readonly<Record<Side, ArmNow>>;
  readonly session: Session;
  readonly slow: boolean;
}

export function Stages({ state, arms, session, slow }: Props) {
  const names = armNames(state);
  const stage = useStage(arms, session, slow);
  const shown = sides.some((side) => arms[side].stages !== null);
  const paused = sides.some((side) => arms[side].phase === 'paused');
  return (
    <Part id="stages" title="One step, stage by stage" hidden={state.hide.includes('stages')}>
      <ol class="stages" aria-label="Stages of a step">
        {stageNames.map((name, i) => (
          <li key={name} aria-current={shown && i === stage ? 'step' : undefined}>
            {name}
          </li>
        ))}
      </ol>
      <p class="note">
        {shown ? about[stageNames[stage]] : 'Slow motion shows a step in its six stages, with the tensors of each.'}
      </p>
      {shown && (
        <div class="sides">
          {sides.map((side) => {
            const found = arms[side].stages;
            return (
              <div key={side} class={`model ${side}`}>
                <h3>
                  <span class="dot" aria-hidden="true" /> {names[side]}
                  {found !== null && `, step ${found.step}`}
                </h3>
                {found?.stages[stage].tensors.map((peeked) => (
                  <TensorView key={peeked.name} peeked={peeked} />
                ))}
              </div>
            );
          })}
        </div>
      )}
      {paused && (
        <details>
          <summary>Look at any tensor of the program</summary>
          <div class="sides">
            {sides.map((side) => (
              <Any key={side} name={names[side]} side={side} arm={arms[side]} session={session} />
            ))}
          </div>
        </details>
      )}
    </Part>
  );
}

/** Goes through the stages of the last step; after the last one asks for the next step. */
function useStage(arms: Props['arms'], session: Session, slow: boolean): number {
  const [stage, setStage] = useState(0);
  const step = arms.left.stages?.step ?? arms.right.stages?.step;
  useEffect(() => setStage(0), [step]);
  useEffect(() => {
    if (step === undefined || !slow) return;
    const timer = setTimeout(() => {
      if (stage + 1 < stageNames.length) setStage(stage + 1);
      else session.advance(1, true);
    }, SHOWN);
    return () => clearTimeout(timer);
  }, [step, stage, slow]);
  return stage;
}

function Any({
  name,
  side,
  arm,
  session,
}: {
  readonly name: string;
  readonly side: Side;
  readonly arm: ArmNow;
  readonly session: Session;
}) {
  const [wanted, setWanted] = useState('');
  const found = arm.tensors.filter(({ label }) => label.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <div class={`model ${side}`}>
      <h3>
        <span class="dot" aria-hidden="true" /> {name}
      </h3>
      <button type="button" onClick={() => session.list(side)}>
        List its tensors
      </button>
      {arm.tensors.length > 0 && (
        <>
          <label>
            Find
            <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
          </label>
          <select
            size={8}
            aria-label={`Tensors of ${name}`}
            onChange={(event) => session.peek(side, Number(event.currentTarget.value))}
          >
            {found.map(({ id, label }) => (
              <option key={id} value={id}>
                %{id} {label}
              </option>
            ))}
          </select>
        </>
      )}
      {arm.peeked !== null && <TensorView peeked={arm.peeked.peeked} />}
    </div>
  );
}

const BINS = 24;

/** A tensor in numbers: shape, moments, a histogram drawn with bars of text, the first values. */
function TensorView({ peeked }: { readonly peeked: Peeked }) {
  const { name, shape, values, count, least, most, mean, deviation, nonFinite } = peeked;
  const digits = (value: number) => (Number.isFinite(value) ? value.toPrecision(3) : '–');
  return (
    <div class="tensor">
      <b>{name}</b> <span class="note">[{shape.join(', ')}]</span>
      <Histogram name={name} values={values} least={least} most={most} />
      <p class="note">
        {count === 1
          ? `value ${digits(mean)}`
          : `${digits(least)} … ${digits(most)}, mean ${digits(mean)}, sd ${digits(deviation)}`}
        {nonFinite > 0 && `, ${nonFinite} not finite`}
      </p>
      <details>
        <summary>Values</summary>
        <p class="values">
          {Array.from(values.subarray(0, 256), digits).join(' ')}
          {count > 256 ? ' …' : ''}
        </p>
      </details>
    </div>
  );
}

function Histogram({
  name,
  values,
  least,
  most,
}: {
  readonly name: string;
  readonly values: Float32Array;
  readonly least: number;
  readonly most: number;
}) {
  if (!(most > least)) return null;
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values)
    if (Number.isFinite(value)) counts[Math.min(BINS - 1, Math.floor(((value - least) / (most - least)) * BINS))]++;
  const highest = Math.max(...counts);
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${BINS * 4} 24`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Histogram of ${name}`}
    >
      {counts.map((count, i) => {
        const height = (24 * count) / highest;
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
        return <rect key={i} x={i * 4} y={24 - height} width={3.4} height={height} />;
      })}
    </svg>
  );
}
