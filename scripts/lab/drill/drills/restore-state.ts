import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CommandError } from '../../../stack/command-line/command-error.ts';
import { readStateBackend, s3 } from '../../../stack/terraform/state-backend.ts';
import { readStateVersions, type StateContent } from '../../../stack/terraform/state-versions.ts';
import type { Drill } from '../drill.ts';

export const restoreState: Drill = {
  runbook: 'restore-state',
  reads: { version: /^(\S+) .*\bsound\b/m },
  breakIt: async ({ environment, checkout, shell }) => {
    const backend = await readStateBackend(environment);
    const current = async (): Promise<StateContent | undefined> =>
      (await readStateVersions(environment, backend)).find(({ isCurrent }) => isCurrent)?.content;
    const before = resourcesIn(await current());
    await s3(environment, backend.region).send(
      new PutObjectCommand({
        Bucket: backend.bucket,
        Key: backend.key,
        Body: '{"version": 4, "ser',
      }),
    );
    const plan = await shell('make plan ENV=local', checkout);
    if (plan.exitCode === 0) throw new CommandError('Terraform plans with a state that is broken.');
    return {
      prove: async () => {
        const after = resourcesIn(await current());
        if (after === 0 || after !== before)
          throw new CommandError(`The state knew of ${before} resources, now of ${after}.`);
        return `the state knows of all ${after} resources again, and a plan changes nothing`;
      },
    };
  },
};

const resourcesIn = (content: StateContent | undefined): number =>
  content?.kind === 'sound' ? content.resources : 0;
