'use strict';

/**
 * The bytes that `work` has written anew by the calls through which a body can be copied in JavaScript: joined,
 * turned into text, base64 or JSON, and back. What is smaller than `leastBytes` is no body, and not counted.
 */
exports.countCopies = async (work, leastBytes) => {
  let bytesWritten = 0;
  const undo = [];
  const watch = (owner, name, sizeOf, least = leastBytes) => {
    const original = owner[name];
    owner[name] = function (...args) {
      const result = Reflect.apply(original, this, args);
      const size = sizeOf(result, args);
      if (size >= least) bytesWritten += size;
      return result;
    };
    undo.push(() => {
      owner[name] = original;
    });
  };
  const lengthOf = (value) => value?.length ?? 0;
  watch(Buffer, 'concat', lengthOf);
  watch(Buffer, 'from', (result, [source]) =>
    source instanceof ArrayBuffer ? 0 : lengthOf(result),
  );
  watch(Buffer.prototype, 'toString', lengthOf);
  // Chunk by chunk into a body's place, of which only the place shows that it is a body's.
  watch(
    Buffer.prototype,
    'copy',
    (copied, [target]) => (target.length >= leastBytes ? copied : 0),
    0,
  );
  watch(JSON, 'stringify', lengthOf);
  watch(TextDecoder.prototype, 'decode', lengthOf);
  try {
    await work();
  } finally {
    for (const restore of undo) restore();
  }
  return bytesWritten;
};
