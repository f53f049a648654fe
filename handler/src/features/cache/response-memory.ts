import type { GatewayResponse } from '../../http/response.ts';
import type { Variant } from './cache-key.ts';
import type { Freshness } from './freshness.ts';

export interface StoredResponse {
  readonly response: GatewayResponse & { readonly body: Buffer };
  readonly freshness: Freshness;
  /** Of the path that it is the response for. */
  readonly path: string;
  readonly variant: Variant;
  /** Of the purges that were known when it was requested. */
  readonly sequence: number;
  /** Whether the upstream says that it is for every caller. */
  readonly isForAll: boolean;
}

export interface ResponseMemory {
  /** The variants of a key, the newest first. */
  find(key: string): readonly StoredResponse[];
  /** In place of the one with the same variant. What is too large is not kept. */
  keep(key: string, stored: StoredResponse): void;
  drop(key: string, stored: StoredResponse): void;
  /** Drops all responses for a path. */
  dropPath(path: string): void;
  /** Of all responses, with headers and keys. */
  readonly bytes: number;
}

interface Limits {
  readonly maxBytes: number;
  readonly maxResponseBytes: number;
}

interface Entry {
  readonly variants: readonly StoredResponse[];
  readonly bytes: number;
}

/** Bounded by bytes. The keys that were not used for the longest time make room for others. */
export const createResponseMemory = ({ maxBytes, maxResponseBytes }: Limits): ResponseMemory => {
  const entries = new Map<string, Entry>(); // The key that was used last is last.
  let bytes = 0;

  const set = (key: string, variants: readonly StoredResponse[]): void => {
    bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
    if (variants.length === 0) return;
    const own = variants.reduce((sum, each) => sum + bytesOf(each), key.length * 2);
    entries.set(key, { variants, bytes: own });
    bytes += own;
    for (const [oldest] of entries) {
      if (bytes <= maxBytes || oldest === key) break;
      set(oldest, []);
    }
  };

  return {
    find: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return [];
      entries.delete(key);
      entries.set(key, entry);
      return entry.variants;
    },
    keep: (key, stored) => {
      const others = (entries.get(key)?.variants ?? []).filter(
        ({ variant: { vary, values } }) =>
          vary !== stored.variant.vary || values !== stored.variant.values,
      );
      const isKept = bytesOf(stored) + key.length * 2 <= maxResponseBytes;
      set(key, [...(isKept ? [stored] : []), ...others].slice(0, maxVariants));
    },
    drop: (key, stored) =>
      set(
        key,
        (entries.get(key)?.variants ?? []).filter((each) => each !== stored),
      ),
    dropPath: (path) => {
      for (const [key, { variants }] of entries) if (variants[0]?.path === path) set(key, []);
    },
    get bytes() {
      return bytes;
    },
  };
};

/** A `Vary` on a header with many values, such as `User-Agent`, must not make every search long. */
const maxVariants = 16;

const bytesOf = ({ response: { headers, cookies = [], body }, variant }: StoredResponse): number =>
  body.length +
  2 * JSON.stringify([headers, cookies, variant]).length + // A character can have two bytes.
  objectBytes;

/** Of the objects around a response, as measured. */
const objectBytes = 1_024;
