import { Fault } from '../command-line/fault.ts';
import { durationMs } from '../contract/duration.ts';
import { type FaultKind, type Timing, trials } from './plan-phases.ts';

export interface GameDayArguments {
  readonly kinds: readonly FaultKind[];
  readonly timing: Timing;
}

const kinds = Object.keys(trials) as FaultKind[];

/** Reads `KIND`, a list with commas, and `FOR`, how long each fault is watched. */
export const readGameDayArguments = (variables: Readonly<NodeJS.ProcessEnv>): GameDayArguments => {
  const asked = (variables['KIND'] || kinds.join(',')).split(',');
  const unknown = asked.filter((kind) => !kinds.includes(kind as FaultKind));
  if (unknown.length > 0)
    throw new Fault(`KIND names "${unknown.join(', ')}"; it is a list of ${kinds.join(', ')}.`);
  const ms = durationMs(variables['FOR'] || '15s');
  if (ms === undefined || ms < 3_000 || ms > 1_800_000)
    throw new Fault(`FOR is "${variables['FOR']}"; each fault is watched for 3s to 30m.`);
  const faultSeconds = ms / 1000;
  const quietSeconds = Math.min(10, faultSeconds);
  return {
    kinds: asked as FaultKind[],
    timing: { calmSeconds: quietSeconds, faultSeconds, wellSeconds: quietSeconds },
  };
};
