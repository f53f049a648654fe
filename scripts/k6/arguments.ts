export interface LoadTestArguments {
  readonly environment: string;
  readonly scenario: string;
  readonly duration: string | undefined;
}

/** `load` and `soak` hold one rate for as long as they are told; the others have a course of their own. */
const scenariosWithDuration = ['load', 'soak'];

/** Reads `make loadtest`'s variables. A fault is an error that says what to type instead. */
export const loadTestArguments = (
  variables: Readonly<Record<string, string | undefined>>,
  scenarios: readonly string[],
): LoadTestArguments => {
  const { ENV: environment = '', CONFIRM } = variables;
  const scenario = variables.SCENARIO || 'load';
  const duration = variables.DURATION || undefined;
  if (environment === '') throw new Error('ENV is missing. Try: make loadtest ENV=local');
  if (!scenarios.includes(scenario)) {
    throw new Error(`There is no scenario "${scenario}". There are: ${scenarios.join(', ')}.`);
  }
  if (environment === 'prod' && CONFIRM !== 'prod') {
    throw new Error(
      'This puts load on production, and its cost. If that is meant: ' +
        `make loadtest ENV=prod SCENARIO=${scenario} CONFIRM=prod`,
    );
  }
  if (duration !== undefined) checkDuration(duration, scenario);
  return { environment, scenario, duration };
};

const checkDuration = (duration: string, scenario: string): void => {
  if (!scenariosWithDuration.includes(scenario)) {
    throw new Error(
      `DURATION is for ${scenariosWithDuration.join(' and ')}; ${scenario} has a length of its own.`,
    );
  }
  if (!/^[1-9]\d*[smh]$/.test(duration)) {
    throw new Error(`DURATION is "${duration}"; it is a number with s, m or h, such as 90s or 2h.`);
  }
};
