// Every kernel of the repository, in every flavour it has.

/// <reference types="vite/client" />

import { type Flavour, flavoursOf, type Kernel, kernelSource, labelOf } from '../../src/shaders/kernel';

const files = import.meta.glob<Kernel>('../../src/shaders/*.wgsl', { eager: true, import: 'default' });

export const kernels: readonly Kernel[] = Object.values(files);

/** Flavours of the same name of different libraries would have to agree: no kernel has two such. */
export const kernelSources = kernels.flatMap((kernel) => {
  const flavours: (Flavour | undefined)[] = flavoursOf(kernel);
  return (flavours.length > 0 ? flavours : [undefined]).map((flavour) => ({
    kernel,
    flavour,
    label: labelOf(kernel, flavour),
    code: kernelSource(kernel, flavour),
  }));
});
