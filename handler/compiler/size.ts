import { quantity } from './quantity.ts';

export const sizeSchema = { $ref: '#/$defs/size' } as const;

/** `512B`, `16KiB`, `1MiB` in bytes. */
export const { parse: sizeBytes, read: readSize } = quantity({ B: 1, KiB: 1_024, MiB: 1_048_576 });

/** Lambda accepts 6 MiB including the rest of the event. */
export const bodySizeRange = { min: '0B', max: '6MiB' };
