// What a MIG is worth: what the same codes score by chance, and the most that these factors let a code attain.

import type { Executor } from '../../engine';
import { meanOf } from '../../math/statistics';
import { mig } from '../../metrics/disentanglement/scores/mig';
import { Draw } from '../../metrics/information/draw';
import type { TrainedReplica } from '../trained';
import { migRows } from './scores';

export interface HonestyMeasure {
  /** Mean MIG of means whose rows were dealt anew, so that nothing is left to find. */
  readonly chance: number;
  /** MIG of the true factors as codes: below 1 where a factor has more values than there are bins. */
  readonly ceiling: number;
}

const DEALS = 10;
const PURPOSE = 3010;

export function honesty(_: Executor, { means, factors }: TrainedReplica): HonestyMeasure | null {
  if (factors.length === 0 || means.length < 2) return null;
  const rows = migRows(factors);
  const drawn = (columns: readonly Float64Array[], order: ArrayLike<number> = rows) =>
    columns.map((values) => Float64Array.from(order, (row) => values[row]));
  const known = drawn(factors);
  const draw = new Draw(0, PURPOSE);
  const dealt = () => {
    const order = draw.permutation(rows.length);
    return drawn(
      means,
      Array.from(order, (place) => rows[place]),
    );
  };
  const still = new Float64Array(rows.length);
  return {
    chance: meanOf(Array.from({ length: DEALS }, () => mig(dealt(), known).score)),
    ceiling: mig([...known, still], known).score,
  };
}
