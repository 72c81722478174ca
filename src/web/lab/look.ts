// What a page sees of a model while it trains: posteriors of some examples, reconstructions, traversals. The graphs are made once for a
// model, over the variables that train, and run between two blocks of steps.

import '../../engine/disposal';
import { DeviceLostError, type Executor, type Program, type Tensor, variable } from '../../engine';
import { dot, identityMatrix, type Matrix, product, transpose } from '../../math/matrix';
import { component, conditionalTotalCorrelation } from '../../metrics/information/posterior';
import { leastCoupled } from '../../metrics/information/rotation';
import { unpack } from '../../runs/encoding';
import { posteriors } from '../../runs/families';
import { dataOf, openData } from '../../runs/recipe';
import { factorColumns, gaussianAt, rowsOf } from '../../runs/trained';
import type { Moment } from '../../runs/training';
import type { Look, View } from './protocol';

/** Examples whose posteriors are shown, and whose pictures. */
const ROWS = 112;
const SHOWN = 10;
const MOVES = 9;
const REACH = 2.5;

interface Programs {
  readonly encode: Program<'packed'>;
  readonly pictures: Program<'images'> | undefined;
}

export class Looker implements Disposable {
  private programs: Programs | undefined;

  private constructor(
    private readonly executor: Executor,
    private readonly moment: Moment,
    private readonly examples: Tensor,
    private readonly indices: Tensor,
    private readonly codes: Tensor,
    private readonly rows: Uint32Array,
  ) {}

  static async of(executor: Executor, moment: Moment): Promise<Looker> {
    const [{ setting }] = moment.jobs;
    const source = await openData(executor, setting);
    const rows = rowsOf(dataOf(setting).count, ROWS);
    const indices = variable('look.indices', [1, rows.length], 'u32');
    const codes = variable('look.codes', [1, SHOWN + MOVES * setting.latents, setting.latents]);
    return new Looker(executor, moment, source.batch(indices), indices, codes, rows);
  }

  /** The model as it is now. Where a GPU was lost and training went on with another, everything is made again there. */
  async see(look: Look, step: number): Promise<View> {
    try {
      return await this.seen(look, step);
    } catch (error) {
      if (!(error instanceof DeviceLostError)) throw error;
      this.forget();
      return this.seen(look, step);
    }
  }

  private async seen(look: Look, step: number): Promise<View> {
    const { executor, moment, rows } = this;
    const [job] = moment.jobs;
    const { latents } = job.setting;
    const data = dataOf(job.setting);
    // Written every time: a GPU that was lost has forgotten it.
    executor.write(this.indices, rows);
    const { encode, pictures } = await this.compiled();
    await encode.run();
    const { diagonal } = posteriors[job.setting.posterior.name];
    const encoded = unpack(await encode.read('packed'), moment.model.posterior, 0, diagonal);
    const components = Array.from(rows, (_, row) => {
      const { mean, factor } = gaussianAt(encoded, row, latents);
      return component(mean, factor);
    });
    const rotation = look.turned && latents > 1 ? leastCoupled(components) : undefined;
    const basis = rotation?.basis ?? identityMatrix(latents);
    const columns = factorColumns(data, rows);
    const images = data.shape.length === 3 && data.real !== true && pictures !== undefined;
    const example = Math.min(look.example, rows.length - 1);
    const drawn = images ? await this.draw(pictures, encoded.means, latents, example, basis) : undefined;
    const along = (matrix: Matrix) => product(product(basis, matrix), transpose(basis));
    return {
      seed: job.seed,
      step,
      latents,
      rows: rows.length,
      means: Float32Array.from(components.flatMap(({ mean }) => basis.map((axis) => dot(axis, mean)))),
      covariances: Float32Array.from(components.flatMap(({ covariance }) => along(covariance).flat())),
      turned: rotation !== undefined,
      conditionalTc: rotation?.after ?? conditionalTotalCorrelation(components),
      factorNames: columns.map(({ name }) => name),
      factors: columns.map(({ column }) => column),
      shape: images ? data.shape : null,
      shown: drawn === undefined ? 0 : Math.min(SHOWN, rows.length),
      moves: MOVES,
      inputs: drawn?.inputs ?? new Uint8Array(0),
      reconstructions: drawn?.reconstructions ?? new Uint8Array(0),
      traversals: drawn?.traversals ?? new Uint8Array(0),
    };
  }

  private async compiled(): Promise<Programs> {
    if (this.programs !== undefined) return this.programs;
    const { executor, moment } = this;
    const { model } = moment;
    const packed = model.encode(this.examples);
    const encode = await executor.compile({ outputs: { packed } });
    const pictures =
      model.decoder === undefined
        ? undefined
        : await executor.compile({ outputs: { images: model.decoder.mean(this.codes) } });
    this.programs = { encode, pictures };
    return this.programs;
  }

  /** The first of the examples shown is the chosen one; its mean is where the traversals meet. */
  private async draw(
    pictures: Program<'images'>,
    means: Float32Array,
    latents: number,
    example: number,
    basis: Matrix,
  ): Promise<Pick<View, 'inputs' | 'reconstructions' | 'traversals'>> {
    const { executor, moment, rows } = this;
    const chosen = shownOf(rows.length, example);
    const codes = new Float32Array((SHOWN + MOVES * latents) * latents);
    for (const [i, row] of chosen.entries()) codes.set(means.subarray(row * latents, (row + 1) * latents), i * latents);
    const centre = means.subarray(example * latents, (example + 1) * latents);
    for (const [k, axis] of basis.entries()) {
      const there = dot(axis, centre);
      for (let m = 0; m < MOVES; m++) {
        const place = REACH * ((2 * m) / (MOVES - 1) - 1) - there;
        for (let i = 0; i < latents; i++) codes[(SHOWN + k * MOVES + m) * latents + i] = centre[i] + place * axis[i];
      }
    }
    executor.write(this.codes, codes);
    await pictures.run();
    const images = bytesOf(await pictures.read('images'));
    const width = images.length / (SHOWN + MOVES * latents);
    const [{ setting }] = moment.jobs;
    const inputs = await this.inputsOf(
      chosen.map((row) => rows[row]),
      setting,
    );
    return {
      inputs,
      reconstructions: images.subarray(0, chosen.length * width).slice(),
      traversals: images.subarray(SHOWN * width).slice(),
    };
  }

  private readonly known = new Map<string, Uint8Array>();

  /** Examples as pictures: they do not change, so they are read once. */
  private async inputsOf(numbers: readonly number[], setting: Moment['jobs'][number]['setting']): Promise<Uint8Array> {
    const key = numbers.join();
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const source = await openData(this.executor, setting);
    const which = variable('look.chosen', [1, numbers.length], 'u32');
    this.executor.write(which, Uint32Array.from(numbers));
    try {
      const { inputs } = await this.executor.evaluate({ inputs: source.batch(which) });
      const found = bytesOf(inputs);
      this.known.set(key, found);
      return found;
    } finally {
      this.executor.free([which]);
    }
  }

  /** Programs go; what they used may be freed, or be gone with a GPU. */
  forget(): void {
    this.programs?.encode.dispose();
    this.programs?.pictures?.dispose();
    this.programs = undefined;
  }

  [Symbol.dispose](): void {
    this.forget();
    this.executor.free([this.indices, this.codes]);
  }
}

/** The chosen example first, then others from all over. */
function shownOf(rows: number, example: number): number[] {
  const count = Math.min(SHOWN, rows);
  const others = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * rows) / count));
  return [example, ...others.filter((row) => row !== example)].slice(0, count);
}

const bytesOf = (values: ArrayLike<number>): Uint8Array =>
  Uint8Array.from(values, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
