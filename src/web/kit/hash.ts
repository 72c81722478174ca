// A page's state in its address: plain `key=value` pairs that a person can read and change (the idea of the TensorFlow playground). What it
// means is the page's affair.

export type Pairs = ReadonlyMap<string, string>;

export function pairsOf(hash: string): Pairs {
  const parts = hash.replace(/^#/, '').split('&');
  return new Map(
    parts.flatMap((part) => {
      const at = part.indexOf('=');
      return at < 1 ? [] : [[decoded(part.slice(0, at)), decoded(part.slice(at + 1).replaceAll('+', ' '))] as const];
    }),
  );
}

/** A text that was cut in the middle of a code stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Characters of values that need no code in a hash, and read better without. */
const PLAIN = /%(2C|3A|2F|20)/g;

export const hashOfPairs = (pairs: Iterable<readonly [string, string | number]>): string =>
  `#${[...pairs]
    .map(
      ([key, value]) =>
        `${key}=${encodeURIComponent(value).replace(PLAIN, (code) => (code === '%20' ? '+' : decodeURIComponent(code)))}`,
    )
    .join('&')}`;
