// A kernel as a value: what importing a .wgsl file gives, and what a page writes for a kernel of its own. A file says which
// libraries it needs with lines `// uses lib/name`; sources are concatenated, never edited.

/**
 * Which of the libraries that stand for one another a kernel is put together with: operands of one number or four at a time; sums
 * over a workgroup in its memory or by subgroups.
 */
export type Flavour = 'scalar' | 'vector' | 'shared' | 'subgroup';

/** A piece of WGSL with a name: a kernel, whose entry point is `main`, or a library that kernels use. */
export interface Kernel {
  /** Its file's name without the ending: what errors, profiles and labels call it. */
  readonly name: string;
  readonly text: string;
  /** What must stand before it; a library in several flavours is one of them, which the dispatch names. */
  readonly uses: readonly (Kernel | Flavours)[];
}

/** Variants of a kernel by the names of its constants. */
export type Flavours = Readonly<Partial<Record<Flavour, Kernel>>>;

/** A file of WGSL, as a part of a kernel's source. */
export interface SourcePart {
  readonly file: string;
  readonly text: string;
}

/** What a kernel is called where it runs. */
export const labelOf = ({ name }: Kernel, flavour?: Flavour): string =>
  flavour === undefined ? name : `${name}/${flavour}`;

/** The files a kernel is made of: the libraries it uses, each once and before what needs it, then its own file. */
export function kernelParts(kernel: Kernel, flavour?: Flavour): SourcePart[] {
  const parts: SourcePart[] = [];
  const seen = new Set<Kernel>();
  const add = (each: Kernel): void => {
    if (seen.has(each)) return;
    seen.add(each);
    for (const used of each.uses) add('text' in used ? used : chosen(each, used, flavour));
    parts.push({ file: `${each.name}.wgsl`, text: each.text });
  };
  add(kernel);
  return parts;
}

function chosen({ name }: Kernel, flavours: Flavours, flavour: Flavour | undefined): Kernel {
  const found = flavour === undefined ? undefined : flavours[flavour];
  if (found !== undefined) return found;
  throw new RangeError(
    `kernel ${name} must be asked for in one of ${Object.keys(flavours).join(', ')}, not ${flavour}`,
  );
}

/** The flavours a kernel has; none where it has but one form. */
export function flavoursOf(kernel: Kernel): Flavour[] {
  for (const used of kernel.uses) {
    const found = 'text' in used ? flavoursOf(used) : (Object.keys(used) as Flavour[]);
    if (found.length > 0) return found;
  }
  return [];
}

/** The complete WGSL of a kernel. */
export const kernelSource = (kernel: Kernel, flavour?: Flavour): string =>
  kernelParts(kernel, flavour)
    .map(({ text }) => text)
    .join('\n');

/** The file, and the line in it, of a line of the complete source; lines count from 1. */
export function locate(parts: readonly SourcePart[], line: number): { file: string; line: number; text: string } {
  let rest = line;
  for (const { file, text } of parts) {
    const lines = text.split('\n');
    if (rest <= lines.length) return { file, line: rest, text: lines[rest - 1] };
    rest -= lines.length;
  }
  throw new RangeError(`the source has no line ${line}`);
}
