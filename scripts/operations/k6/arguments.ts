import { type Arguments, duration } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import type { Environment } from '../../stack/environments/environment.ts';

export interface LoadTestArguments {
  readonly scenario: string;
  /** In seconds, as k6 reads it. */
  readonly duration: string | undefined;
  /** The lifetime of the users' sessions: the duration of the run plus an hour. */
  readonly lifetimeSeconds: number;
}

/** These hold one rate for `DURATION`; the others have a fixed length. */
const scenariosWithDuration = ['load', 'soak'];

/** Reads `SCENARIO` and `DURATION`; `prod` always needs a confirmation, because load costs money. */
export const loadTestArguments = (
  { SCENARIO: scenario = 'load', DURATION }: Arguments<'SCENARIO' | 'DURATION'>,
  { name, isConfirmed }: Pick<Environment, 'name' | 'isConfirmed'>,
  scenarios: readonly string[],
): LoadTestArguments => {
  if (!scenarios.includes(scenario)) {
    throw new CommandError(
      `There is no scenario "${scenario}". The scenarios are: ${scenarios.join(', ')}.`,
    );
  }
  if (name === 'prod' && !isConfirmed) {
    throw new CommandError(
      'This puts load on production and costs money. To confirm:\n' +
        `  make loadtest ENV=prod SCENARIO=${scenario} CONFIRM=prod`,
    );
  }
  if (DURATION !== undefined && !scenariosWithDuration.includes(scenario)) {
    throw new CommandError(
      `DURATION is for ${scenariosWithDuration.join(' and ')}; ${scenario} has a fixed length.`,
    );
  }
  const ms = duration(DURATION, 'DURATION', { usual: '1h', least: '1s', most: '24h' });
  return {
    scenario,
    duration: DURATION && `${ms / 1_000}s`,
    lifetimeSeconds: 3_600 + ms / 1_000,
  };
};
