// The updates that are no optimiser: the twins of append.wgsl and increment.wgsl.

/** ring[step mod capacity] = values, in words of any type. */
export function append(ring: usize, values: usize, step: usize, width: i32, capacity: u32): void {
  const bytes = (<usize>width) << 2;
  memory.copy(ring + (load<u32>(step) % capacity) * bytes, values, bytes);
}

export function increment(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}
