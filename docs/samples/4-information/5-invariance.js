// Is what latent 1 knows invariant to latent 2? A gate that averages do not see
import { component, invarianceTest, normalQuantile } from 'unweave/metrics';

const codes = Array.from({ length: 1200 }, (_, n) => {
  const u = normalQuantile((Math.floor(n / 2) + 0.5) / 600);
  const noise = n % 2 === 0 ? 0.1 : 0.8; // what latent 2 shows decides how noisy latent 1 is
  return component(
    [Math.sqrt(1 - noise ** 2) * u, 2 * (n % 2) - 1],
    [
      [noise, 0],
      [0, 0.5],
    ],
  );
});
const [test] = invarianceTest(codes, { latents: [0], strata: 8, samples: 256 });
console.log(test.verdict);

/* prints
not invariant
*/
