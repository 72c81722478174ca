// The two models that train, side by side: reconstructions, traversals, posteriors as ellipses.

import { useMemo } from 'preact/hooks';
import { bytesOfBase64 } from '../../figures/paint';
import { Explain, Part } from '../kit/page';
import { Pictures } from '../kit/pictures';
import { FigureView } from './figure';
import { latentsFigure } from './figures';
import type { ArmNow } from './session';
import { armNames, type Looks, MOST_EXAMPLE, type Side, type State, sides } from './state';

interface Props {
  readonly state: State;
  readonly arms: Readonly<Record<Side, ArmNow>>;
  readonly seed: number;
  readonly onLooks: (looks: Looks) => void;
}

export function Models({ state, arms, seed, onLooks }: Props) {
  const names = armNames(state);
  const { looks, hide } = state;
  const latents = Number(state.base.latents);
  const factors = sides.flatMap((side) => viewOf(arms[side], looks)?.factorNames ?? []);
  const factorNames = [...new Set(factors)];
  const choice = (label: string, value: number, options: readonly string[], set: (value: number) => void) => (
    <label>
      {label}
      <select value={value} onChange={(event) => set(Number(event.currentTarget.value))}>
        {options.map((option, i) => (
          <option key={option} value={i}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
  const axes = Array.from({ length: latents }, (_, i) => `${looks.turned ? 'axis' : 'latent'} ${i + 1}`);
  return (
    <Part id="models" title="The two models" hidden={hide.includes('models')}>
      <div class="toolbar">
        {choice('Across', looks.x, axes, (x) => onLooks({ ...looks, x }))}
        {choice('Up', looks.y, axes, (y) => onLooks({ ...looks, y }))}
        {factorNames.length > 0 &&
          choice('Colour', Math.min(looks.colour, factorNames.length - 1), factorNames, (colour) =>
            onLooks({ ...looks, colour }),
          )}
        <label>
          Example
          <input
            type="number"
            min={0}
            max={MOST_EXAMPLE}
            value={looks.example}
            onChange={(event) => {
              const value = Number(event.currentTarget.value);
              if (Number.isInteger(value) && value >= 0 && value <= MOST_EXAMPLE) onLooks({ ...looks, example: value });
            }}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={looks.turned}
            onChange={(event) => onLooks({ ...looks, turned: event.currentTarget.checked })}
          />
          Rotate to the unsupervised basis
        </label>
      </div>
      <Explain what="What does the rotation do?" formula="Q = argmin E TC(Qᵀz | x)" more="docs/guide/04-posterior.html">
        One rotation of all codes, found without labels, that leaves the latents as little coupled given x as can be. It
        changes neither what the codes know of x nor the bound: whatever disentanglement it gives back was lost to the
        choice of axes alone.
      </Explain>
      <div class="sides">
        {sides.map((side) => (
          <Model
            key={side}
            name={names[side]}
            side={side}
            arm={arms[side]}
            looks={looks}
            seed={seed}
            onLooks={onLooks}
          />
        ))}
      </div>
    </Part>
  );
}

/** In the basis that is asked for, where there is a view in it. */
const viewOf = ({ views: { own, turned } }: ArmNow, looks: Looks) => (looks.turned ? (turned ?? own) : (own ?? turned));

function Model({
  name,
  side,
  arm,
  looks,
  seed,
  onLooks,
}: {
  readonly name: string;
  readonly side: Side;
  readonly arm: ArmNow;
  readonly looks: Looks;
  readonly seed: number;
  readonly onLooks: Props['onLooks'];
}) {
  const view = viewOf(arm, looks);
  const both = useMemo(
    () => joined(view?.inputs ?? new Uint8Array(0), view?.reconstructions ?? new Uint8Array(0)),
    [view],
  );
  return (
    <div class={`model ${side}`}>
      <h3>
        <span class="dot" aria-hidden="true" /> {name}
      </h3>
      <p class="note count">
        {arm.seed === null ? 'not trained yet' : `seed ${arm.seed}, step ${arm.step.toLocaleString('en')}`}
        {view !== null && `; TC(z|x) ${view.conditionalTc.toFixed(3)} nats${view.turned ? ' after the rotation' : ''}`}
      </p>
      {view === null ? (
        <RecordedTraversals arm={arm} name={name} seed={seed} turned={looks.turned} />
      ) : (
        <>
          <FigureView figure={latentsFigure(name, view, looks)} wide={420} />
          {view.shape !== null && (
            <>
              <h4>Examples, and what the model makes of them</h4>
              <Pictures
                shape={view.shape}
                columns={view.shown}
                pixels={both}
                label={`${view.shown} examples above their reconstructions by ${name}`}
              />
              <h4>Traversals: each row moves one {view.turned ? 'axis' : 'latent'}</h4>
              <Pictures
                shape={view.shape}
                columns={view.moves}
                pixels={view.traversals}
                label={`Traversals of ${name}: ${view.latents} rows`}
                onPick={(_, row) => onLooks({ ...looks, x: row, y: looks.y === row ? looks.x : looks.y })}
              />
            </>
          )}
        </>
      )}
    </div>
  );
}

/** Of a model that is recorded and not at hand there are its traversals. */
function RecordedTraversals({
  arm,
  name,
  seed,
  turned,
}: {
  readonly arm: ArmNow;
  readonly name: string;
  readonly seed: number;
  readonly turned: boolean;
}) {
  const found = arm.records.get(seed)?.measures.traversals;
  const picture = turned ? found?.turned : found?.own;
  const bytes = useMemo(() => bytesOfBase64(picture?.pixels ?? ''), [picture]);
  if (picture === undefined) return null;
  const { shape, steps } = picture;
  return (
    <>
      <h4>
        Traversals of the recorded model, seed {seed}: each row moves one {turned ? 'axis' : 'latent'}
      </h4>
      <Pictures shape={shape} columns={steps} pixels={bytes} label={`Traversals of ${name}, recorded, seed ${seed}`} />
    </>
  );
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
