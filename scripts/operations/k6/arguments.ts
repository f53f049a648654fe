import { CommandError } from '../../stack/command-line/command-error.ts';
import { durationMs } from '../../../handler/compiler/duration.ts';

export interface LoadTestArguments {
  readonly scenario: string;
  readonly duration: string | undefined;
  /** Of the users' sessions: an hour more than the run takes. */
  readonly lifetimeSeconds: number;
}

/** `load` and `soak` hold one rate for as long as they are told; the others have a course of their own. */
const scenariosWithDuration = ['load', 'soak'];

/** Reads `SCENARIO`, `DURATION` and `CONFIRM`. A fault says what to type instead. */
export const loadTestArguments = (
  variables: Readonly<NodeJS.ProcessEnv>,
  environment: string,
  scenarios: readonly string[],
): LoadTestArguments => {
  const scenario = variables['SCENARIO'] || 'load';
  const duration = variables['DURATION'] || undefined;
  if (!scenarios.includes(scenario)) {
    throw new CommandError(
      `There is no scenario "${scenario}". There are: ${scenarios.join(', ')}.`,
    );
  }
  if (environment === 'prod' && variables['CONFIRM'] !== 'prod') {
    throw new CommandError(
      'This puts load on production, and its cost. If that is meant:\n' +
        `  make loadtest ENV=prod SCENARIO=${scenario} CONFIRM=prod`,
    );
  }
  if (duration !== undefined) checkDuration(duration, scenario);
  const lifetimeSeconds = 3600 + (durationMs(duration ?? '1h') ?? 0) / 1000;
  return { scenario, duration, lifetimeSeconds };
};

const checkDuration = (duration: string, scenario: string): void => {
  if (!scenariosWithDuration.includes(scenario)) {
    throw new CommandError(
      `DURATION is for ${scenariosWithDuration.join(' and ')}; ${scenario} has a length of its own.`,
    );
  }
  if (!/^[1-9]\d*[smh]$/.test(duration)) {
    throw new CommandError(
      `DURATION is "${duration}"; it is a number with s, m or h, such as 90s or 2h.`,
    );
  }
};
