/**
 * Memory for one large body, kept from request to request, as an environment has one request at a time. Fresh memory
 * means a page fault every 4 KB and a collection every dozen of megabytes; answers are 6 MB at most, and so is this.
 */
let spare: ArrayBuffer | undefined;

const lent = new WeakMap<ArrayBufferLike, ArrayBuffer>();

/** The bytes that `text` stands for, in memory to be released. */
export const decodeLargeBody = (text: string, encoding: 'base64' | 'utf8'): Buffer => {
  const room = allocateLargeBody(Buffer.byteLength(text, encoding));
  return room.subarray(0, room.write(text, encoding)); // What was not written is another's.
};

/** To be filled before it is read: what stands in it was somebody else's. */
export const allocateLargeBody = (bytes: number): Buffer => {
  const memory = spare !== undefined && spare.byteLength >= bytes ? spare : new ArrayBuffer(bytes);
  if (memory === spare) spare = undefined;
  lent.set(memory, memory);
  return Buffer.from(memory, 0, bytes);
};

/**
 * Takes back the memory of a body that `allocateLargeBody` made, and leaves any other as it is. Who still holds the body
 * finds it empty, and never the next one in its place.
 */
export const releaseLargeBody = (body: Buffer): void => {
  const memory = lent.get(body.buffer);
  if (memory === undefined) return;
  lent.delete(memory);
  if (spare === undefined || spare.byteLength < memory.byteLength) spare = memory.transfer();
  else memory.transfer(0);
};

/** Frees a chunk that was copied, and that nobody else may hold; one from the pool is left to the others there. */
export const releaseChunk = ({ buffer, byteLength }: Buffer): void => {
  if (byteLength === buffer.byteLength && 'transfer' in buffer) buffer.transfer(0);
};
