import { quantity } from './quantity.ts';

export const durationSchema = { $ref: '#/$defs/duration' } as const;

/** `300ms`, `5s`, `10m`, `8h`, `30d` in milliseconds. */
export const {
  parse: durationMs,
  isWithin: isDurationWithin,
  read: readDuration,
} = quantity({ ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 });

/** API Gateway itself responds 503 after 30 s: one second is reserved for the gateway's own response. */
export const timeoutRange = { min: '10ms', max: '29s' };
