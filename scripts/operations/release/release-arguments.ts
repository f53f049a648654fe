import { type Arguments, duration } from '../../stack/command-line/arguments.ts';

export interface ReleaseArguments {
  readonly pauseSeconds: number;
  readonly allowedHeaders: readonly string[];
}

/** `PAUSE` is how long each step is watched; `ALLOW_HEADERS` lists response headers that are new on purpose. */
export const releaseArguments = (
  { PAUSE, ALLOW_HEADERS = '' }: Arguments<'PAUSE' | 'ALLOW_HEADERS'>,
  isLocal: boolean,
): ReleaseArguments => {
  // CloudWatch's alarms need three bad minutes of five; the emulator's need no traffic.
  const usual = isLocal ? '5s' : '5m';
  const names = ALLOW_HEADERS.toLowerCase().split(',');
  return {
    pauseSeconds: duration(PAUSE, 'PAUSE', { usual, least: '1s', most: '12h' }) / 1_000,
    allowedHeaders: names.map((name) => name.trim()).filter((name) => name !== ''),
  };
};
