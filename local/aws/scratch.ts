let scratch = Buffer.alloc(0);

/**
 * A buffer for bytes that are on disk before anything else runs: it is used again by the next. A new one for every batch
 * would be what the garbage collector is called for most.
 */
export function scratchOf(size: number): Buffer {
  if (scratch.length < size) scratch = Buffer.allocUnsafeSlow(size);
  return scratch;
}
