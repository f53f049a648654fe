import { allocateLargeBody, releaseChunk } from '../http/large-body.ts';

/** A body, put together from the chunks in which it arrives. */
export interface GatheredBody {
  /** Takes the chunk over: nobody else may read it after this. */
  add(chunk: Buffer): void;
  readonly bytes: number;
  /** All that was added. */
  whole(): Buffer;
}

/**
 * A body of one chunk is that chunk, uncopied. Of more, each is copied to its place as it comes, while the processor's
 * caches still hold it, instead of being kept and joined at the end.
 *
 * @param declaredBytes the length, where it is known and worth to be made room for; asked at the second chunk.
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
        return;
      }
      chunk.copy(room, offset);
      releaseChunk(chunk);
    },
    get bytes() {
      return bytes;
    },
    whole: () => {
      if (room) return room.subarray(0, bytes); // What was not written is another's memory.
      const [first] = chunks;
      return chunks.length === 1 && first ? first : Buffer.concat(chunks, bytes);
    },
  };
};
