import {
  type FaultKind,
  faultKinds as kinds,
} from '../../../handler/src/features/faults/injected-fault.ts';
import { type Arguments, duration } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import type { Timing } from './plan-phases.ts';

export interface GameDayArguments {
  readonly kinds: readonly FaultKind[];
  readonly timing: Timing;
  /** Whether phases are as long as an alarm needs to go off, and to be over. */
  readonly isLongEnoughForAlarms: boolean;
}

/** Three bad minutes out of five, plus the delay of the metrics. */
const durationForAlarmsMs = 6 * 60_000;

/** Reads `KIND`, a comma-separated list, and `FOR`, the duration of each fault. */
export const readGameDayArguments = ({
  KIND,
  FOR,
}: Arguments<'KIND' | 'FOR'>): GameDayArguments => {
  const wanted = (KIND ?? kinds.join(',')).split(',');
  const unknown = wanted.filter((kind) => !kinds.includes(kind as FaultKind));
  if (unknown.length > 0)
    throw new CommandError(
      `KIND names "${unknown.join(', ')}"; it is a list of ${kinds.join(', ')}.`,
    );
  const ms = duration(FOR, 'FOR', { usual: '15s', least: '3s', most: '30m' });
  const faultSeconds = ms / 1000;
  const isLongEnoughForAlarms = ms >= durationForAlarmsMs;
  const quietSeconds = isLongEnoughForAlarms ? faultSeconds : Math.min(10, faultSeconds);
  return {
    kinds: wanted as FaultKind[],
    isLongEnoughForAlarms,
    timing: { calmSeconds: quietSeconds, faultSeconds, wellSeconds: quietSeconds },
  };
};
