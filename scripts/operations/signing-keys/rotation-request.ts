import { type Arguments, duration, flag } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { longestSession } from '../sessions/session-arguments.ts';

/** The arguments of `make rotate-key`. */
export type RotationRequest =
  | { readonly kind: 'rotate'; readonly keepSeconds: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'replace' };

/** A login service may sign for this long with the key that it has read. */
const signerGraceSeconds = 3_600;

export const readRotationRequest = ({
  NOW,
  DROP,
  KEEP,
}: Arguments<'NOW' | 'DROP' | 'KEEP'>): RotationRequest => {
  const [isNow, isDrop] = [flag(NOW, 'NOW'), flag(DROP, 'DROP')];
  if (isNow && isDrop) throw new CommandError('NOW=1 drops every old key: leave DROP out.');
  if (isNow) return { kind: 'replace' };
  if (isDrop) return { kind: 'drop' };
  const range = { usual: longestSession, least: '1s', most: longestSession };
  const keepSeconds = Math.ceil(duration(KEEP, 'KEEP', range) / 1_000) + signerGraceSeconds;
  return { kind: 'rotate', keepSeconds };
};
