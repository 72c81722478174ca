// Every kernel of the repository, in every flavour it has.

/// <reference types="vite/client" />

import { type Flavour, type Kernel, kernelSource, labelOf } from '../../src/shaders/kernel';

const files = import.meta.glob<Kernel>('../../src/shaders/*.wgsl', { eager: true, import: 'default' });

export const kernels: readonly Kernel[] = Object.values(files);

const isFlavoured = ({ uses }: Kernel): boolean => uses.some((used) => !('text' in used) || isFlavoured(used));

export const kernelSources = kernels.flatMap((kernel) =>
  (isFlavoured(kernel) ? (['scalar', 'vector'] as const) : [undefined]).map((flavour: Flavour | undefined) => ({
    kernel,
    flavour,
    label: labelOf(kernel, flavour),
    code: kernelSource(kernel, flavour),
  })),
);
