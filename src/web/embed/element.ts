// The element: a small view of a model that trains, drawn on 2-D canvases. It starts when it is seen, stops when it is taken away, tells the page
// by events, and gives its results by a method. Its styles are a constructed sheet, which a strict policy allows.

import { paint } from '../../figures/paint';
import type { ModelRecord } from '../../runs/record';
import type { Flat } from '../../runs/setting';
import type { FromLab, Prefer, ToLab, View } from '../lab/protocol';
import { defaults, flatOfArm, withArm, withData } from '../playground/state';
import { drawCurve } from './curve';
import type { LabElement as Lab, LabResults, LabState } from './labTypes';

const CSS = `
:host { display: block; container-type: inline-size; font: 14px/1.45 system-ui, sans-serif; color: inherit; min-width: 0; }
.bar { display: flex; flex-wrap: wrap; gap: .4em .8em; align-items: center; }
button { font: inherit; padding: .2em .8em; cursor: pointer; }
progress { width: 6em; }
.views { display: grid; grid-template-columns: 1fr; gap: .6em; margin: .5em 0; }
@container (min-width: 420px) { .views { grid-template-columns: 1fr 1fr; } }
canvas { width: 100%; image-rendering: pixelated; display: block; }
.curve { image-rendering: auto; }
p { margin: .3em 0; }
.problem { border: 1px solid currentColor; padding: .4em .7em; }
`;

const STEPS = 3000;

/** Attributes, and what each is in a setting. */
const ATTRIBUTES = ['data', 'posterior', 'dose', 'seed', 'steps', 'beta', 'latents', 'device', 'start'] as const;

/** The element `<unweave-lab>`: one model that trains in a worker of its own. */
export class LabElement extends HTMLElement implements Lab {
  static readonly observedAttributes = ATTRIBUTES;
  /** Set by the module that defines the element. */
  static makeWorker: () => Worker;

  private worker: Worker | undefined;
  private watcher: IntersectionObserver | undefined;
  private state: LabState = 'idle';
  private step = 0;
  private curve: LabResults['curve'][number][] = [];
  private record: ModelRecord | null = null;
  private says = '';
  private readonly shadow = this.attachShadow({ mode: 'open' });
  private readonly button = document.createElement('button');
  private readonly progress = document.createElement('progress');
  private readonly status = document.createElement('span');
  private readonly pictures = document.createElement('canvas');
  private readonly moves = document.createElement('canvas');
  private readonly losses = document.createElement('canvas');
  private readonly result = document.createElement('p');
  private readonly problem = document.createElement('p');

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    this.shadow.adoptedStyleSheets = [sheet];
    const bar = document.createElement('div');
    bar.className = 'bar';
    const views = document.createElement('div');
    views.className = 'views';
    const [left, right] = [document.createElement('div'), document.createElement('div')];
    left.append(this.pictures, this.losses);
    right.append(this.moves);
    views.append(left, right);
    this.button.type = 'button';
    this.button.addEventListener('click', () => this.toggle());
    this.progress.setAttribute('aria-label', 'Progress of the training');
    this.result.setAttribute('role', 'status');
    this.problem.setAttribute('role', 'alert');
    this.problem.className = 'problem';
    for (const canvas of [this.pictures, this.moves, this.losses]) canvas.setAttribute('role', 'img');
    this.losses.className = 'curve';
    bar.append(this.button, this.progress, this.status);
    this.shadow.append(bar, views, this.result, this.problem);
    this.update();
  }

  /** Called by the browser: begins when it is seen. */
  connectedCallback(): void {
    if (this.getAttribute('start') === 'click') return;
    this.watcher = new IntersectionObserver((seen) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      this.watcher?.disconnect();
      if (this.state === 'idle') this.start();
    });
    this.watcher.observe(this);
  }

  /** Called by the browser: ends what it does. */
  disconnectedCallback(): void {
    this.watcher?.disconnect();
    this.end();
    this.set('idle');
  }

  /** Called by the browser: another setting begins anew. */
  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before === after || this.state === 'idle') return;
    this.start();
  }

  /** Trains from the beginning; what was there is forgotten. */
  start(): void {
    this.end();
    this.curve = [];
    this.record = null;
    this.step = 0;
    try {
      this.set('starting');
      const { setting, seed } = this.asked();
      this.worker = LabElement.makeWorker();
      this.worker.addEventListener('message', ({ data }: MessageEvent<FromLab>) => this.hear(data));
      this.worker.addEventListener('error', (event) => this.fail(event.message || 'its worker could not be started'));
      this.tell({ kind: 'open', prefer: (this.getAttribute('device') ?? 'auto') as Prefer });
      this.tell({
        kind: 'run',
        run: 1,
        jobs: [{ setting, seed }],
        measures: ['losses', 'scores', 'rotation'],
        anew: false,
        paused: false,
        look: { example: 0, turned: false },
      });
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** Pauses after the block of steps under way. */
  pause(): void {
    this.tell({ kind: 'pace', running: false });
  }

  /** Goes on after a pause. */
  resume(): void {
    this.tell({ kind: 'pace', running: true });
    if (this.state === 'paused') this.set('training');
  }

  /** What there is so far. */
  results(): LabResults {
    return { state: this.state, step: this.step, curve: [...this.curve], record: this.record };
  }

  private toggle(): void {
    if (this.state === 'training') this.pause();
    else if (this.state === 'paused') this.resume();
    else this.start();
  }

  /** The setting that the attributes ask for; whether it can be trained the worker says. */
  private asked(): { readonly setting: Flat; readonly seed: number } {
    const number = (name: string, fallback: number): number => {
      const text = this.getAttribute(name);
      const value = Number(text);
      if (text === null) return fallback;
      if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`${name}="${text}" is no number`);
      return value;
    };
    // What trains well on a data set, and what a posterior's name means, is as in the playground.
    const chosen = withData(defaults, this.getAttribute('data') ?? 'squares');
    const state = withArm(chosen, 'right', '', this.getAttribute('posterior') ?? 'full');
    const base = flatOfArm(state, 'right');
    const setting: Flat = {
      ...base,
      'objective.beta': number('beta', Number(base['objective.beta'])),
      'objective.lambda': number('dose', 0),
      latents: number('latents', Number(base.latents)),
      steps: number('steps', STEPS),
    };
    return { setting, seed: number('seed', 1) };
  }

  private tell(message: ToLab): void {
    this.worker?.postMessage(message);
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }

  private hear(message: FromLab): void {
    if (message.kind === 'opened') this.says = message.says;
    else if (message.kind === 'began') this.set('training');
    else if (message.kind === 'steps') {
      this.step = message.step;
      this.curve.push({ step: message.step, terms: message.terms });
      this.emit('unweave-progress', { step: message.step, terms: message.terms });
      this.update();
    } else if (message.kind === 'view') this.show(message.view);
    else if (message.kind === 'paused') this.set('paused');
    else if (message.kind === 'measuring') {
      if (this.state !== 'measuring') this.set('measuring');
    } else if (message.kind === 'record') this.record = message.record;
    else if (message.kind === 'done') {
      this.set('done');
      this.emit('unweave-done', this.results());
      this.end();
    } else if (message.kind === 'failed') this.fail(message.message);
  }

  private fail(message: string): void {
    this.end();
    this.problem.textContent = message;
    this.set('failed');
    this.emit('unweave-error', { message });
  }

  private emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  private set(state: LabState): void {
    this.state = state;
    this.dataset.state = state;
    this.update();
  }

  private show({ shape, shown, moves, latents, inputs, reconstructions, traversals }: View): void {
    if (shape === null) return;
    const both = new Uint8Array(inputs.length + reconstructions.length);
    both.set(inputs);
    both.set(reconstructions, inputs.length);
    paint(this.pictures, { shape, columns: shown, pixels: both });
    paint(this.moves, { shape, columns: moves, pixels: traversals });
    this.pictures.setAttribute('aria-label', `${shown} examples above what the model makes of them`);
    this.moves.setAttribute('aria-label', `Traversals: each of ${latents} rows moves one latent`);
  }

  private update(): void {
    const { state, step, curve, record } = this;
    const asked = Number(this.getAttribute('steps') ?? STEPS);
    const steps = asked > 0 && Number.isFinite(asked) ? asked : STEPS;
    this.button.textContent =
      state === 'training'
        ? 'Pause'
        : state === 'paused'
          ? 'Go on'
          : state === 'done' || state === 'failed'
            ? 'Train again'
            : 'Train';
    this.button.disabled = state === 'starting' || state === 'measuring';
    this.progress.max = steps;
    this.progress.value = step;
    this.status.textContent =
      state === 'idle'
        ? 'ready'
        : `${state}, step ${step.toLocaleString('en')} of ${steps.toLocaleString('en')}${this.says === '' ? '' : `; ${this.says}`}`;
    this.problem.hidden = state !== 'failed';
    this.result.textContent = record === null ? '' : resultText(record);
    const last = curve.at(-1);
    this.losses.setAttribute(
      'aria-label',
      last === undefined
        ? 'Losses: nothing yet'
        : `Losses at step ${last.step}: ${Object.entries(last.terms)
            .map(([term, value]) => `${term} ${value.toFixed(2)}`)
            .join(', ')} nats`,
    );
    if (this.isConnected) drawCurve(this.losses, curve, steps, getComputedStyle(this).color);
  }
}

function resultText({ status, measures, diverged }: ModelRecord): string {
  if (status === 'diverged') return `Training stopped at step ${diverged?.step}: a number is not finite.`;
  const mig = measures.scores?.own.values.mig;
  const turned = measures.scores?.turned.values.mig;
  const rotation = measures.rotation;
  const parts = [
    ...(mig === undefined || turned === undefined
      ? []
      : [`MIG ${mig.toFixed(2)}, after one rotation ${turned.toFixed(2)}`]),
    ...(rotation === undefined
      ? []
      : [
          `TC(z|x) ${Math.abs(rotation.conditionalTc).toFixed(2)} nats, of which ${Math.abs(rotation.irremovable).toFixed(2)} stay`,
        ]),
  ];
  return `${parts.join('; ')}.`;
}
