// What a visitor chooses.

import type { Flat } from '../../runs/setting';
import { changed } from '../../studies/study';
import { Explain } from '../kit/page';
import { Pictures } from '../kit/pictures';
import type { Prefer } from '../lab/protocol';
import type { Thumbnail } from './recorded';
import { armChoices, dataChoices, known, MOST_SEEDS, type Side, type State, withArm, withData } from './state';

interface Props {
  readonly state: State;
  readonly busy: boolean;
  readonly onState: (state: State) => void;
}

/** Steps of the dose on its slider: 0, then powers of two. */
const DOSES = [0, 1, 2, 4, 8, 16, 32, 64, 128];

export function DataChoice({
  state,
  busy,
  onState,
  thumbnails,
  own,
}: Props & { readonly thumbnails: readonly Thumbnail[]; readonly own: readonly string[] }) {
  const current = String(state.base.data);
  const names = [...new Set([...Object.keys(dataChoices), ...own])];
  return (
    <fieldset disabled={busy}>
      <legend>Data</legend>
      <div class="thumbs">
        {names.map((name) => {
          const picture = thumbnails.find((each) => each.name === name);
          return (
            <label key={name} class="thumb">
              <input
                type="radio"
                name="data"
                checked={name === current}
                onChange={() => onState(withData(state, name))}
              />
              {picture !== undefined && (
                <Pictures
                  shape={picture.shape}
                  columns={2}
                  pixels={picture.pixels}
                  label={`Four examples of ${name}`}
                />
              )}
              <span>{name}</span>
            </label>
          );
        })}
      </div>
      <p class="note">{known.data[current as keyof typeof known.data] ?? 'your own data'}</p>
      <Explain what="What is a data set here?" more="docs/data.html">
        Images made from a few true factors, such as a square’s size and place. A representation is disentangled when
        each of its numbers, the latents, follows one factor.
      </Explain>
    </fieldset>
  );
}

const numberRange = {
  offDiagonal: [0, 1, 1],
  rho: [-0.95, 0.95, 0.05],
  rotation: [0, 20, 1],
  blockSize: [1, 6, 1],
  rank: [1, 4, 1],
} as const;

export function ArmChoice({
  state,
  busy,
  onState,
  onRelease,
  side,
}: Props & { readonly side: Side; readonly onRelease: () => void }) {
  const arm = state.arms[side];
  const chosen = nameOfChoice(arm);
  const lambda = Number(arm['objective.lambda'] ?? 0);
  const place = DOSES.reduce(
    (best, dose, i) => (Math.abs(dose - lambda) < Math.abs(DOSES[best] - lambda) ? i : best),
    0,
  );
  const numbers = Object.entries(arm).filter(
    ([key]) => key.startsWith('posterior.') && key !== 'posterior.offDiagonal',
  );
  return (
    <fieldset disabled={busy} class={`arm ${side}`}>
      <legend>{side === 'left' ? 'Left arm' : 'Right arm'}</legend>
      <label>
        Posterior q(z|x)
        <select value={chosen} onChange={(event) => onState(withArm(state, side, '', event.currentTarget.value))}>
          {Object.keys(armChoices).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p class="note">{armChoices[chosen]?.about}</p>
      {numbers.map(([key, value]) => {
        const name = key.slice('posterior.'.length);
        const [least, most, by] = numberRange[name as keyof typeof numberRange] ?? [0, 10, 1];
        return (
          <label key={key}>
            {name}: {value}
            <input
              type="range"
              onChange={onRelease}
              min={least}
              max={most}
              step={by}
              value={value}
              onInput={(event) => onState(withArm(state, side, name, event.currentTarget.value))}
            />
          </label>
        );
      })}
      <label>
        Dose λ of TC(z|x): {lambda}
        <input
          type="range"
          onChange={onRelease}
          min={0}
          max={DOSES.length - 1}
          step={1}
          value={place}
          aria-valuetext={`λ ${lambda}`}
          onInput={(event) => onState(withArm(state, side, 'lambda', String(DOSES[Number(event.currentTarget.value)])))}
        />
      </label>
    </fieldset>
  );
}

/** Of several choices with one family, the one whose numbers are these. */
function nameOfChoice(arm: Flat): string {
  if (arm.posterior === 'full' && arm['posterior.offDiagonal'] === 0) return 'factorized';
  return String(arm.posterior);
}

export function TrainingChoice({ state, busy, onState }: Props) {
  const { base } = state;
  const set = (change: Flat) => {
    const next = changed(base, change);
    const last = Number(next.latents) - 1;
    const looks = { ...state.looks, x: Math.min(state.looks.x, last), y: Math.min(state.looks.y, last) };
    onState({ ...state, base: next, looks });
  };
  const recipe = known.objectives[String(base.objective)];
  const field = (label: string, key: string, least: number, most: number, by: number) => (
    <label key={key}>
      {label}
      <input
        type="number"
        min={least}
        max={most}
        step={by}
        value={Number(base[key])}
        onChange={(event) => {
          const value = Number(event.currentTarget.value);
          if (event.currentTarget.value !== '' && value >= least && value <= most) set({ [key]: value });
          else event.currentTarget.value = String(base[key]);
        }}
      />
    </label>
  );
  return (
    <fieldset disabled={busy}>
      <legend>Training</legend>
      <div class="fields">
        <label>
          Objective
          <select value={String(base.objective)} onChange={(event) => set({ objective: event.currentTarget.value })}>
            {Object.keys(known.objectives)
              .filter((name) => name !== 'infoGan')
              .map((name) => (
                <option key={name}>{name}</option>
              ))}
          </select>
        </label>
        {Object.entries(recipe?.numbers ?? {})
          .filter(([name, { default: value }]) => name !== 'lambda' && typeof value === 'number')
          .map(([name, { default: value, about }]) => (
            <label key={name} title={about}>
              {name}
              <input
                type="number"
                min={0}
                step="any"
                value={Number(base[`objective.${name}`] ?? value)}
                onChange={(event) => set({ [`objective.${name}`]: Number(event.currentTarget.value) })}
              />
            </label>
          ))}
        {field('Latents', 'latents', 2, 16, 1)}
        {field('Steps', 'steps', 100, 100_000, 100)}
        {field('Batch', 'batch', 2, 512, 1)}
        <label>
          First seed
          <span class="pair">
            <input
              type="number"
              min={0}
              max={2 ** 31}
              step={1}
              value={state.first}
              onChange={(event) => {
                const value = Number(event.currentTarget.value);
                if (Number.isInteger(value) && value >= 0 && value <= 2 ** 31) onState({ ...state, first: value });
                else event.currentTarget.value = String(state.first);
              }}
            />
            <button
              type="button"
              aria-label="Draw another first seed"
              onClick={() => onState({ ...state, first: crypto.getRandomValues(new Uint32Array(1))[0] % 100_000 })}
            >
              ⚄
            </button>
          </span>
        </label>
        <label>
          Seeds
          <input
            type="number"
            min={1}
            max={MOST_SEEDS}
            step={1}
            value={state.seeds}
            onChange={(event) => {
              const value = Number(event.currentTarget.value);
              if (Number.isInteger(value) && value >= 1 && value <= MOST_SEEDS) onState({ ...state, seeds: value });
              else event.currentTarget.value = String(state.seeds);
            }}
          />
        </label>
        <label>
          Runs on
          <select
            value={state.device}
            onChange={(event) => onState({ ...state, device: event.currentTarget.value as Prefer })}
          >
            <option value="auto">best there is</option>
            <option value="cpu">CPU, WebAssembly</option>
            <option value="software">WebGPU, also in software</option>
            <option value="reference">plain TypeScript</option>
          </select>
        </label>
      </div>
      <Explain
        what="What is trained?"
        formula="loss = −ln p(x|z) + β KL(q(z|x) ‖ p(z)) + λ TC(z|x)"
        more="docs/guide/04-posterior.html"
      >
        A variational autoencoder: an encoder gives each example x a Gaussian q(z|x) over a few latents z, a decoder
        draws x from a sample of it. β weighs how close q(z|x) must stay to the prior; λ penalises coupling of the
        latents given x. A seed decides initial values, batches and noise; both arms train on the same seeds, so they
        are compared seed by seed.
      </Explain>
    </fieldset>
  );
}
