// Information of discrete channels, exactly: from the joint probabilities of an example and its latents. What the
// counterexamples of the theory are computed with.

/** One outcome: the example, the values of the latents, and its probability. */
export interface Outcome {
  readonly x: string | number;
  readonly z: readonly (string | number)[];
  readonly probability: number;
}

/** Entropy in nats of what `of` makes of the outcomes. */
export function entropyOfOutcomes(outcomes: readonly Outcome[], of: (outcome: Outcome) => unknown): number {
  const masses = new Map<string, number>();
  for (const outcome of outcomes) {
    const key = JSON.stringify(of(outcome));
    masses.set(key, (masses.get(key) ?? 0) + outcome.probability);
  }
  return [...masses.values()].reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
}

/** I, C, R, S and their sums of finite variables, exact, nats. */
export interface DiscreteInformation {
  /** I(z_i; x), I(z_i; x | z_-i), I(z_i; z_-i), I(z_i; z_-i | x), nats, by latent. */
  readonly information: number[];
  readonly conditionalInformation: number[];
  readonly redundancy: number[];
  readonly synergy: number[];
  /** M_i(c) for every value c of the other latents that occurs, by latent. */
  readonly pointwise: { readonly c: readonly (string | number)[]; readonly nats: number }[][];
}

/** Everything about a discrete channel, from outcomes whose probabilities add up to 1. */
export function discreteInformation(outcomes: readonly Outcome[]): DiscreteInformation {
  const latents = outcomes[0].z.map((_, i) => i);
  const entropy = (of: (outcome: Outcome) => unknown) => entropyOfOutcomes(outcomes, of);
  const own = (i: number) => (o: Outcome) => o.z[i];
  const others = (i: number) => (o: Outcome) => o.z.filter((_, j) => j !== i);
  /** I(a; b | c) = H(a, c) + H(b, c) - H(a, b, c) - H(c). */
  const given = (
    a: (o: Outcome) => unknown,
    b: (o: Outcome) => unknown,
    c: (o: Outcome) => unknown = () => 0,
  ): number =>
    entropy((o) => [a(o), c(o)]) + entropy((o) => [b(o), c(o)]) - entropy((o) => [a(o), b(o), c(o)]) - entropy(c);
  const x = (o: Outcome) => o.x;
  return {
    information: latents.map((i) => given(own(i), x)),
    conditionalInformation: latents.map((i) => given(own(i), x, others(i))),
    redundancy: latents.map((i) => given(own(i), others(i))),
    synergy: latents.map((i) => given(own(i), others(i), x)),
    pointwise: latents.map((i) => {
      const groups = new Map<string, Outcome[]>();
      for (const outcome of outcomes) {
        if (outcome.probability === 0) continue;
        const key = JSON.stringify(others(i)(outcome));
        groups.set(key, [...(groups.get(key) ?? []), outcome]);
      }
      return [...groups.values()].map((group) => {
        const mass = group.reduce((sum, { probability }) => sum + probability, 0);
        const within = group.map((outcome) => ({ ...outcome, probability: outcome.probability / mass }));
        const h = (of: (o: Outcome) => unknown) => entropyOfOutcomes(within, of);
        return { c: others(i)(group[0]), nats: h(own(i)) + h(x) - h((o) => [o.z[i], o.x]) };
      });
    }),
  };
}
