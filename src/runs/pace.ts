// How many steps a block should have: as many as take about the time that whoever waits for it has.

const LONGEST_BLOCK = 100;

/** After a block that took `tookMs`: as many steps as take `goalMs`, at most 100 and at most twice as many as before. */
export const nextBlock = (block: number, tookMs: number, goalMs: number): number =>
  Math.max(1, Math.min(LONGEST_BLOCK, 2 * block, Math.round((block * goalMs) / Math.max(1, tookMs))));

/** A `TrainOptions.pace` that begins with one step, so that there is soon something to tell. */
export function paceOf(goalMs: number): () => Promise<number> {
  let block = 1;
  let begun: number | undefined;
  return () => {
    const now = performance.now();
    if (begun !== undefined) block = nextBlock(block, now - begun, goalMs);
    begun = now;
    return Promise.resolve(block);
  };
}
