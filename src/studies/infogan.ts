// The study `infogan`: InfoGAN's Q(c|x) is factored by choice, too. Its bound asks for the sum of I(c_i; x), that of a full Q for I(c; x), which
// any rotation of normal codes keeps (method.md 3.9). So with a full Q nothing should pin the codes' axes. The control: both reach the
// same bound of the codes' information one by one, as far as it is told.

import type { Study } from './study';

export const infogan: Study = {
  name: 'infogan',
  question: 'Does InfoGAN disentangle less when its Q couples the codes?',
  act: 'Letting Q couple the codes',
  base: {
    data: 'squares',
    architecture: 'mlp',
    'architecture.hidden': '64,64',
    latents: 3,
    posterior: 'full',
    objective: 'infoGan',
    'objective.noise': 4,
    learningRate: 1e-3,
    'objective.discriminatorRate': 2e-4,
    batch: 64,
    steps: 6000,
  },
  measures: ['losses', 'scores', 'rotation', 'turning', 'information'],
  primary: { score: 'mig', from: { arm: 'factored Q', basis: 'own' }, to: { arm: 'full Q', basis: 'own' } },
  presets: {
    standard: {
      about: 'squares, three normal codes and four numbers of noise, 10 seeds',
      cells: [
        {
          name: 'squares',
          about: 'three factors of different scale, InfoGAN with normal codes',
          change: {},
          arms: [
            {
              name: 'factored Q',
              change: { 'posterior.offDiagonal': 0 },
              prediction: 'same',
              because: 'the reference',
            },
            {
              name: 'full Q',
              change: {},
              prediction: 'lower',
              because: 'its bound keeps I(c; x) under any rotation (method 3.9)',
            },
          ],
        },
      ],
      seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    },
  },
};
