import { expect, it } from '@jest/globals';
import { readEnvironment } from '../../stack/environments/environment.ts';
import { readVariables } from '../../stack/terraform/read-variables.ts';
import { readAssumptions } from './assumptions.ts';
import { estimateIdle, totalOf } from './estimate.ts';
import { stackSettings } from './stack-settings.ts';

const settingsOf = async (ENV: string) =>
  stackSettings(await readVariables(readEnvironment({ ENV })));
const idleUsd = async (name: string) =>
  totalOf(estimateIdle(await settingsOf(name), readAssumptions({})));

it('reads the settings of an environment from its tfvars and the defaults of Terraform', async () => {
  expect(await settingsOf('dev')).toMatchObject({
    ...{ memoryMb: 256, architecture: 'arm64', alarms: 'essential' },
    ...{ hasOwnKey: true, logRetentionDays: 14, hasApiAccessLog: false },
  });
  expect(await settingsOf('local')).toMatchObject({ hasOwnKey: false, alarms: 'all' });
});

it('estimates less than $3 a month for dev without traffic', async () => {
  expect(await idleUsd('dev')).toBeCloseTo(2.71);
});

it('estimates for prod without traffic what docs/cost.md says', async () => {
  expect((await idleUsd('prod')).toFixed(2)).toBe('6.71');
});
