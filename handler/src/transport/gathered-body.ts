import { allocateLargeBody, releaseChunk } from '../http/large-body.ts';

/**
 * A body, put together from the chunks in which it arrives. It has no accessor for its length: in an object literal,
 * each evaluation makes a new function for it and with it a new hidden class, which lives in V8's old space and keeps
 * the whole exchange alive until the next full garbage collection.
 */
export interface GatheredBody {
  /** Takes ownership of the chunk: it must not be read elsewhere after this. Returns the bytes so far. */
  add(chunk: Buffer): number;
  /** All that was added. */
  whole(): Buffer;
}

/**
 * A body of one chunk is that chunk, without a copy. If there are more, each is copied to its place on arrival, while
 * it is still in the processor's caches, instead of being joined at the end.
 *
 * @param declaredBytes the length, if it is known and large enough to reserve memory. Called at the second chunk.
 */
export const gatherBody = (declaredBytes: () => number | undefined): GatheredBody => {
  const chunks: Buffer[] = [];
  let room: Buffer | undefined;
  let bytes = 0;

  const makeRoom = (first: Buffer): Buffer | undefined => {
    const declared = declaredBytes();
    if (declared === undefined) return undefined;
    const made = allocateLargeBody(declared);
    first.copy(made);
    chunks.pop();
    releaseChunk(first);
    return made;
  };

  return {
    add: (chunk) => {
      const [first] = chunks;
      const offset = bytes;
      bytes += chunk.length;
      if (chunks.length === 1 && first) room ??= makeRoom(first);
      if (room === undefined) {
        chunks.push(chunk);
        return bytes;
      }
      chunk.copy(room, offset);
      releaseChunk(chunk);
      return bytes;
    },
    whole: () => {
      if (room) return room.subarray(0, bytes); // The rest may be old data of another request.
      const [first] = chunks;
      return chunks.length === 1 && first ? first : Buffer.concat(chunks, bytes);
    },
  };
};
