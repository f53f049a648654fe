import { CommandError } from '../../stack/command-line/command-error.ts';
import { durationMs } from '../../../handler/compiler/duration.ts';

export interface ReleaseArguments {
  readonly pauseSeconds: number;
  readonly allowedHeaders: readonly string[];
}

/** CloudWatch's alarms go off after three minutes of five; the emulator's need no traffic to be seen. */
const usualPause = { local: '5s', aws: '5m' };

/** Reads `PAUSE`, how long each step is watched, and `ALLOW_HEADERS`, those that are new on purpose. */
export const releaseArguments = (
  variables: Readonly<NodeJS.ProcessEnv>,
  isLocal: boolean,
): ReleaseArguments => {
  const text = variables['PAUSE'] || usualPause[isLocal ? 'local' : 'aws'];
  const pauseMs = /^[1-9]\d*[smh]$/.test(text) ? durationMs(text) : undefined;
  if (pauseMs === undefined) {
    throw new CommandError(`PAUSE is "${text}"; it is a number with s, m or h, such as 30s or 5m.`);
  }
  const names = (variables['ALLOW_HEADERS'] ?? '').toLowerCase().split(',');
  return {
    pauseSeconds: pauseMs / 1000,
    allowedHeaders: names.map((name) => name.trim()).filter((name) => name !== ''),
  };
};
