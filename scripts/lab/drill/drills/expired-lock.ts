import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../../stack/command-line/command-error.ts';
import { startWaitingApply } from '../../../stack/terraform/waiting-apply.ts';
import type { Drill } from '../drill.ts';

export const expiredLock: Drill = {
  runbook: 'expired-lock',
  reads: { lock: /^([0-9a-f-]{36}) .* since /m },
  breakIt: async ({ environment, checkout, shell }) => {
    const apply = await startWaitingApply(environment, join(checkout, 'terraform'));
    await apply.kill();
    const deploy = await shell('make deploy ENV=local', checkout);
    if (!deploy.stderr.includes('Error acquiring the state lock'))
      throw new CommandError('A deploy does not heed a lock that somebody holds.');
    const { stdout } = await shell('make unlock ENV=local', checkout);
    const [id = 'none'] = stdout.split(' ');
    await sleep(1_000);
    const refused = [`LOCK=${id}`, `LOCK=${randomUUID()} OLDER_THAN=1s`];
    for (const options of refused) {
      const { exitCode } = await shell(`make unlock ENV=local ${options}`, checkout);
      if (exitCode === 0)
        throw new CommandError(`make unlock ENV=local ${options} removed the lock.`);
    }
    return {
      values: { age: '1s' },
      prove: async () => 'a lock that is young or another’s stays; the dead one is gone',
    };
  },
};
