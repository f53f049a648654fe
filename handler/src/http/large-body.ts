/**
 * Memory for one large body, kept from request to request, as an environment has one request at a time. New memory
 * costs a page fault every 4 KB and a garbage collection about every 12 MB. Responses are at most 6 MB, and so is this
 * memory.
 */
let spare: ArrayBuffer | undefined;

const lent = new WeakMap<ArrayBufferLike, ArrayBuffer>();

/** The bytes that `text` encodes, in memory that must be released. */
export const decodeLargeBody = (text: string, encoding: 'base64' | 'utf8'): Buffer => {
  const room = allocateLargeBody(Buffer.byteLength(text, encoding));
  return room.subarray(0, room.write(text, encoding)); // The rest may be old data of another request.
};

/** Must be filled before it is read: it contains old data of other requests. */
export const allocateLargeBody = (bytes: number): Buffer => {
  const memory = spare !== undefined && spare.byteLength >= bytes ? spare : new ArrayBuffer(bytes);
  if (memory === spare) spare = undefined;
  lent.set(memory, memory);
  return Buffer.from(memory, 0, bytes);
};

/**
 * Releases the memory of a body from `allocateLargeBody`; ignores any other. A caller that still has the body finds it
 * empty, and never sees the next body in it.
 */
export const releaseLargeBody = (body: Buffer): void => {
  const memory = lent.get(body.buffer);
  if (memory === undefined) return;
  lent.delete(memory);
  // Node 20, on a developer's machine, has no `transfer`; Lambda has.
  if (spare === undefined || spare.byteLength < memory.byteLength)
    spare = memory.transfer?.() ?? memory;
  else memory.transfer?.(0);
};

/**
 * Frees a chunk that was copied. No one else may have a reference to it. A chunk from the pool is not freed, because
 * others share its memory.
 */
export const releaseChunk = ({ buffer, byteLength }: Buffer): void => {
  if (byteLength === buffer.byteLength && 'transfer' in buffer) buffer.transfer(0);
};
