import { describe, it, jest } from '@jest/globals';
import { runCommand } from './run-command.ts';

jest.setTimeout(5 * 60_000);

describe('under load', () => {
  it('the smoke test keeps its thresholds', async () => {
    await runCommand('loadtest', ['SCENARIO=smoke']);
  });

  // All of them, and for longer: `make gameday`.
  it('users see of two short faults what the game day allows', async () => {
    await runCommand('gameday', ['KIND=error,store-throttled', 'FOR=3s']);
  });
});
