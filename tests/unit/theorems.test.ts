// The theorems on invariance, each by name, on channels drawn at random and on the gated mixture: every quantity of an
// identity is summed directly from the joint probabilities here, so that it shares no code with what it is held against.

import { expect, test } from 'vitest';
import { inverseOfPositive, product, transpose } from '../../src/math/matrix';
import { normalQuantile } from '../../src/math/normal';
import { component, discreteInformation, information, type Outcome, pointwiseInformation } from '../../src/metrics';
import { Draw } from '../../src/metrics/information/draw';

const draw = new Draw(17, 5);
/** A distribution over n values. */
function distribution(n: number): number[] {
  const raw = Array.from({ length: n }, () => draw.uniform() + 0.05);
  const total = raw.reduce((sum, p) => sum + p, 0);
  return raw.map((p) => p / total);
}

/** All outcomes (x, z_1, z_2) with their probabilities. */
function outcomes(sizes: readonly [number, number, number], p: (x: number, a: number, b: number) => number): Outcome[] {
  const [nx, na, nb] = sizes.map((n) => Array.from({ length: n }, (_, i) => i));
  return nx.flatMap((x) => na.flatMap((a) => nb.map((b) => ({ x, z: [a, b], probability: p(x, a, b) }))));
}

const anyChannel = () => {
  const p = distribution(18);
  return outcomes([3, 3, 2], (x, a, b) => p[6 * x + 2 * a + b]);
};
/** z_1 and z_2 independent given x. */
const conditionallyIndependent = () => {
  const [px, pa, pb] = [distribution(3), [0, 1, 2].map(() => distribution(3)), [0, 1, 2].map(() => distribution(2))];
  return outcomes([3, 3, 2], (x, a, b) => px[x] * pa[x][a] * pb[x][b]);
};
/** z_1 and z_2 independent, x any function of both and noise. */
const independent = () => {
  const [pa, pb] = [distribution(3), distribution(2)];
  const px = Array.from({ length: 6 }, () => distribution(3));
  return outcomes([3, 3, 2], (x, a, b) => pa[a] * pb[b] * px[2 * a + b][x]);
};
/** Both: x = (u, v), z_1 from u and v's copy in z_2 alone (the gate), with random flips. */
const gate = () => {
  const flips = [0.5 * draw.uniform(), 0.5 * draw.uniform()];
  return outcomes([4, 2, 2], (x, a, b) => {
    const [u, v] = [x >> 1, x & 1];
    return v === b ? 0.25 * (a === u ? 1 - flips[v] : flips[v]) : 0;
  });
};

/** Sums of probabilities by value of `of`. */
function masses(all: readonly Outcome[], of: (o: Outcome) => string): (o: Outcome) => number {
  const sums = new Map<string, number>();
  for (const o of all) sums.set(of(o), (sums.get(of(o)) ?? 0) + o.probability);
  return (o) => sums.get(of(o)) ?? 0;
}

const RUNS = 20;

test('theorem 1, the bridge: C - I = S - R', () => {
  for (let run = 0; run < RUNS; run++) {
    const all = anyChannel();
    const found = discreteInformation(all);
    // R and S from their definitions as expected logarithms.
    const [z, z1, z2] = [
      masses(all, (o) => `${o.z}`),
      masses(all, (o) => `${o.z[0]}`),
      masses(all, (o) => `${o.z[1]}`),
    ];
    const [x, x1, x2] = [
      (o: Outcome) => `${o.x}`,
      (o: Outcome) => `${o.x},${o.z[0]}`,
      (o: Outcome) => `${o.x}/${o.z[1]}`,
    ].map((of) => masses(all, of));
    const mean = (f: (o: Outcome) => number) => all.reduce((sum, o) => sum + o.probability * f(o), 0);
    const r = mean((o) => Math.log(z(o) / (z1(o) * z2(o))));
    const s = mean((o) => Math.log((o.probability * x(o)) / (x1(o) * x2(o))));
    for (const i of [0, 1]) {
      expect(found.conditionalInformation[i] - found.information[i]).toBeCloseTo(s - r, 12);
      expect(found.redundancy[i]).toBeCloseTo(r, 12);
      expect(found.synergy[i]).toBeCloseTo(s, 12);
    }
  }
});

test('theorem 2: of independence, conditional independence and averaged invariance, two imply the third; none alone', () => {
  const gap = (all: Outcome[]) => {
    const found = discreteInformation(all);
    return { gap: found.conditionalInformation[0] - found.information[0], r: found.redundancy[0], s: found.synergy[0] };
  };
  for (let run = 0; run < RUNS; run++) {
    const both = gap(gate());
    expect(Math.abs(both.r) + Math.abs(both.s)).toBeLessThan(1e-12);
    expect(both.gap).toBeCloseTo(0, 12);
    // A factorized posterior: the gap is minus the redundancy, never positive.
    const ci = gap(conditionallyIndependent());
    expect(ci.s).toBeCloseTo(0, 12);
    expect(ci.r).toBeGreaterThan(1e-6);
    expect(ci.gap).toBeCloseTo(-ci.r, 12);
    // Independent latents: the gap is the synergy, never negative.
    const ind = gap(independent());
    expect(ind.r).toBeCloseTo(0, 12);
    expect(ind.s).toBeGreaterThan(1e-6);
    expect(ind.gap).toBeCloseTo(ind.s, 12);
  }
});

test('theorem 3, pointwise: M(c) = J(c) + D(c) - K(c), and their means are I, S and R', () => {
  for (let run = 0; run < RUNS; run++) {
    const all = anyChannel();
    const found = discreteInformation(all);
    const sum = (of: (o: Outcome) => boolean) => all.filter(of).reduce((total, o) => total + o.probability, 0);
    const means = { j: 0, d: 0, k: 0 };
    for (const { c, nats } of found.pointwise[0]) {
      const pc = sum((o) => o.z[1] === c[0]);
      let [j, d, k] = [0, 0, 0];
      for (const o of all.filter((each) => each.z[1] === c[0])) {
        const p = o.probability / pc;
        const px = sum((e) => e.x === o.x);
        const aGivenX = sum((e) => e.x === o.x && e.z[0] === o.z[0]) / px;
        const a = sum((e) => e.z[0] === o.z[0]);
        const aGivenXc = o.probability / sum((e) => e.x === o.x && e.z[1] === c[0]);
        const aGivenC = sum((e) => e.z[0] === o.z[0] && e.z[1] === c[0]) / pc;
        j += p * Math.log(aGivenX / a);
        d += p * Math.log(aGivenXc / aGivenX);
        k += p * Math.log(aGivenC / a);
      }
      expect(nats).toBeCloseTo(j + d - k, 12);
      means.j += pc * j;
      means.d += pc * d;
      means.k += pc * k;
    }
    expect(means.j).toBeCloseTo(found.information[0], 12);
    expect(means.d).toBeCloseTo(found.synergy[0], 12);
    expect(means.k).toBeCloseTo(found.redundancy[0], 12);
  }
});

test('theorem 4: with both independences M(c) is the mean of the per-example information at c, constant only by accident', () => {
  for (let run = 0; run < RUNS; run++) {
    const all = gate();
    const found = discreteInformation(all);
    const [x, xa, a] = [
      masses(all, (o) => `${o.x}`),
      masses(all, (o) => `${o.x},${o.z[0]}`),
      masses(all, (o) => `${o.z[0]}`),
    ];
    for (const { c, nats } of found.pointwise[0]) {
      const here = all.filter((o) => o.z[1] === c[0] && o.probability > 0);
      const pc = here.reduce((sum, o) => sum + o.probability, 0);
      const iota = here.reduce((sum, o) => sum + (o.probability / pc) * Math.log(xa(o) / x(o) / a(o)), 0);
      expect(nats).toBeCloseTo(iota, 12);
    }
    const [first, second] = found.pointwise[0].map(({ nats }) => nats);
    expect(Math.abs(first - second)).toBeGreaterThan(1e-6);
  }
  // Constant M(c) does not give conditional independence: the exclusive or.
  const xor = discreteInformation(outcomes([2, 2, 2], (x, a, b) => (b === (x ^ a) ? 0.25 : 0)));
  expect(xor.pointwise[0][0].nats).toBeCloseTo(xor.pointwise[0][1].nats, 12);
  expect(xor.redundancy[0]).toBeCloseTo(0, 12);
  expect(xor.synergy[0]).toBeCloseTo(Math.LN2, 12);
});

test('theorem 5: a linear decoder is invariant exactly where its columns are orthogonal, and knows most one by one there', () => {
  const measures = (w: number[][], variance: number) => {
    const precision = product(transpose(w), w).map((row, i) => row.map((v, j) => v / variance + Number(i === j)));
    const covariance = inverseOfPositive(precision);
    const alone = covariance.map((row, i) => -0.5 * Math.log(row[i]));
    const gap = precision.map((row, i) => 0.5 * Math.log(row[i] * covariance[i][i]));
    return { total: alone.reduce((sum, v) => sum + v, 0), gap };
  };
  const turn = (angle: number) => [
    [Math.cos(angle), -Math.sin(angle)],
    [Math.sin(angle), Math.cos(angle)],
  ];
  const lengths = [
    [2, 0],
    [0, 1],
  ];
  const aligned = measures(product(turn(0.7), lengths), 0.5);
  for (const value of aligned.gap) expect(value).toBeCloseTo(0, 12);
  for (let run = 0; run < RUNS; run++) {
    const angle = 0.1 + 1.3 * draw.uniform();
    const turned = measures(product(lengths, turn(angle)), 0.5);
    for (const value of turned.gap) expect(value).toBeGreaterThan(1e-4);
    expect(turned.total).toBeLessThan(aligned.total - 1e-4);
  }
});

test('GM6, the gated mixture: averaged invariance holds, M(c) follows the gate', () => {
  // u at 2,000 evenly spread quantiles for either value of the gate.
  const half = 2000;
  const components = [0.1, 0.8].flatMap((s, b) =>
    Array.from({ length: half }, (_, i) =>
      component(
        [Math.sqrt(1 - s * s) * normalQuantile((i + 0.5) / half), 2 * b - 1],
        [
          [s, 0],
          [0, 0.5],
        ],
      ),
    ),
  );
  expect(information(components, 0)).toBeCloseTo(1.262864, 3);
  expect(information(components, 1)).toBeCloseTo(0.63272, 5);
  const exact = [2.302572, 2.301888, 2.265184, 1.262864, 0.260545, 0.223841, 0.223156];
  for (const [i, c] of [-1.5, -1, -0.5, 0, 0.5, 1, 1.5].entries()) {
    // Quantiles leave out what lies beyond the last: a few thousandths of a nat.
    expect(Math.abs(pointwiseInformation(components, 0, [c]).nats - exact[i])).toBeLessThan(0.004);
  }
});
