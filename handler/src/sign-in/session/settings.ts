import type { SettingsReader } from '../../environment.ts';
import { readAllowedOrigins } from '../../http/cross-site.ts';
import { readSigningSecret, type SigningSecret } from '../../stores/keys/signing-secret.ts';

export interface SessionSettings {
  readonly signingSecret: SigningSecret;
  /** How long a session is used after it was read. 0: every request reads it. */
  readonly cacheSeconds: number;
  /** Origins whose pages can send state-changing requests with the session cookie. */
  readonly allowedOrigins: ReadonlySet<string>;
}

const maxCacheSeconds = 3_600;

export const readSettings = (reader: SettingsReader): SessionSettings => ({
  signingSecret: readSigningSecret(reader),
  cacheSeconds: reader.read(
    'GATEWAY_SESSION_CACHE_SECONDS',
    `a whole number from 0 to ${maxCacheSeconds}`,
    cacheSeconds,
    0,
  ),
  allowedOrigins: readAllowedOrigins(reader),
});

const cacheSeconds = (text: string): number | undefined =>
  /^\d{1,4}$/.test(text) && Number(text) <= maxCacheSeconds ? Number(text) : undefined;
