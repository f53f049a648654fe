import { zipSync } from 'fflate';

/** The first that the format can say, in local time as the format has it: the same bytes in every zone. */
const modifiedAt = new Date(1980, 0, 1);

/** A regular file that everybody may read: Lambda runs as a user of its own. */
const unixAttributes = (0o100644 << 16) >>> 0;

/**
 * The same files give the same bytes on every machine: fixed dates, modes and order, and a compressor in
 * JavaScript, where zlib's output changes with its version.
 */
export const zip = (files: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.keys(files)
        .toSorted()
        .map((name) => [name, files[name] ?? new Uint8Array()]),
    ),
    { level: 9, mtime: modifiedAt, os: 3, attrs: unixAttributes },
  );
