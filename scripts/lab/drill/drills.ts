import type { Drill } from './drill.ts';
import { expiredLock } from './drills/expired-lock.ts';
import { lostSigningKey } from './drills/lost-signing-key.ts';
import { rebuild } from './drills/rebuild.ts';
import { restoreSessions } from './drills/restore-sessions.ts';
import { restoreState } from './drills/restore-state.ts';

/** In this order: the last one leaves nothing of what the others worked on. */
export const drills: readonly Drill[] = [
  restoreState,
  expiredLock,
  lostSigningKey,
  restoreSessions,
  rebuild,
];
