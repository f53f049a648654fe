import { createRecent } from '../../memory/recent.ts';
import type { Credentials, CredentialStore, Finding } from './credential-store.ts';

/** A revoked credential is refused after this time in every execution environment. */
export const maxAgeMs = 60_000;

/** About 5 MB. */
const maxCredentials = 10_000;

/** Also about 5 MB. Apart, so that made-up ids cannot displace credentials. */
const maxUnknown = 20_000;

const millisecondsOfDay = 24 * 3_600_000;

interface Remembered {
  readonly finding: Finding;
  readonly untilMs: number;
}

/**
 * Remembers for a minute what was found, unknown ids included: each costs one read a minute at most. Requests that need
 * the same credential wait for one read. A failed read is not remembered.
 */
export const rememberCredentials = (
  store: CredentialStore,
  { now }: { readonly now: () => number },
): Credentials => {
  const known = createRecent<Remembered>(maxCredentials);
  const unknown = createRecent<Remembered>(maxUnknown);
  const reads = new Map<string, { finding: Promise<Finding>; deadlineMs: number }>();

  const recall = (id: string): Finding | undefined => {
    const remembered = known.find(id) ?? unknown.find(id);
    return remembered !== undefined && now() < remembered.untilMs ? remembered.finding : undefined;
  };

  const read = async (id: string, deadlineMs: number): Promise<Finding> => {
    // Not from the time of the response: the credential may have been revoked in the meantime.
    const untilMs = now() + maxAgeMs;
    const finding = await store.find(id, deadlineMs);
    const isKnown = !('problem' in finding) || known.find(id) !== undefined;
    (isKnown ? known : unknown).keep(id, { finding, untilMs });
    return finding;
  };

  return {
    recall,
    find: (id, deadlineMs) => {
      const recalled = recall(id);
      if (recalled !== undefined) return Promise.resolve(recalled);
      const running = reads.get(id);
      if (running !== undefined && now() < running.deadlineMs) return running.finding;
      const started = { finding: read(id, deadlineMs), deadlineMs };
      reads.set(id, started);
      const end = (): void => {
        if (reads.get(id) === started) reads.delete(id);
      };
      started.finding.then(end, end);
      return started.finding;
    },
    noteUse: (credential, deadlineMs) => {
      const { id, lastUsedDayMs = 0 } = credential;
      const nowMs = now();
      const dayMs = nowMs - (nowMs % millisecondsOfDay);
      if (lastUsedDayMs >= dayMs) return;
      const remembered = known.find(id);
      if (remembered?.finding !== credential) return;
      // Until the next read, which shows whether the note was written.
      known.keep(id, { ...remembered, finding: { ...credential, lastUsedDayMs: dayMs } });
      store.noteUse(id, dayMs, deadlineMs).catch(() => undefined);
    },
  };
};
