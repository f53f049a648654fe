import type { KeyObject } from 'node:crypto';
import type { KeySet, SigningKeys } from '../../stores/keys/signing-keys.ts';
import { maxAgeMs } from '../../stores/secrets/rotating-secret.ts';

export interface ActiveKey {
  readonly kid: string;
  readonly key: KeyObject;
}

/** The key that signs. Throws SIGNING_KEY_UNAVAILABLE. */
export type FindActiveKey = (deadlineMs: number) => Promise<ActiveKey>;

/** Reads the keys as often as those that verify are read: a key verifies everywhere before it signs. */
export const createActiveKey = (
  keys: Pick<SigningKeys, 'load'>,
  now: () => number,
): FindActiveKey => {
  let held: { readonly keys: KeySet; readonly readAtMs: number } | undefined;
  return async (deadlineMs) => {
    const readAtMs = now();
    if (held === undefined || readAtMs - held.readAtMs >= maxAgeMs)
      held = { keys: await keys.load(deadlineMs), readAtMs };
    const { activeKid, byKid } = held.keys;
    const active = byKid.get(activeKid);
    if (active === undefined) throw new TypeError('The key set has no active key');
    return { kid: activeKid, key: active.key };
  };
};
