import { CommandError } from '../../stack/command-line/command-error.ts';
import { longestSessionHours } from '../sessions/session-request.ts';

/** What `make rotate-key` is asked to do. */
export type RotationRequest =
  | { readonly kind: 'rotate'; readonly keepSeconds: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'replace' };

/** A login service may go on signing with the key that it has read for this long. */
const signerGraceSeconds = 3_600;

export const readRotationRequest = ({
  NOW,
  DROP,
  KEEP_HOURS,
}: Readonly<NodeJS.ProcessEnv>): RotationRequest => {
  if (NOW && DROP) throw new CommandError('NOW=1 drops every old key: leave DROP out.');
  if (NOW) return { kind: 'replace' };
  if (DROP) return { kind: 'drop' };
  const hours = Number(KEEP_HOURS || longestSessionHours);
  if (hours > 0 && hours <= longestSessionHours) {
    return { kind: 'rotate', keepSeconds: Math.ceil(hours * 3_600) + signerGraceSeconds };
  }
  throw new CommandError(
    `KEEP_HOURS is "${KEEP_HOURS}"; it is the longest that a session lives, in hours up to ${longestSessionHours}.`,
  );
};
