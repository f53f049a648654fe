import { createHmac, KeyObject, timingSafeEqual, type webcrypto } from 'node:crypto';

/**
 * WebCrypto signs and verifies in other threads, which end in any order and take real time. Until it is restored, it
 * does so at once, for HMAC with SHA-256, so that a simulation is reproducible.
 */
export const synchronousCrypto = (): { restore(): void } => {
  const { subtle } = globalThis.crypto;
  const hmac = (key: webcrypto.CryptoKey, data: Uint8Array): Buffer =>
    createHmac('sha256', KeyObject.from(key)).update(data).digest();
  const replaced = {
    sign: async (_: unknown, key: webcrypto.CryptoKey, data: Uint8Array) => hmac(key, data),
    verify: async (_: unknown, key: webcrypto.CryptoKey, signature: Uint8Array, data: Uint8Array) =>
      signature.length === 32 && timingSafeEqual(hmac(key, data), signature),
  };
  for (const [name, value] of Object.entries(replaced)) {
    Object.defineProperty(subtle, name, { value, configurable: true });
  }
  return {
    restore: () => Object.keys(replaced).forEach((name) => Reflect.deleteProperty(subtle, name)),
  };
};
