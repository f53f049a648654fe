import { note, step } from '../command-line/step.ts';
import type { Environment } from '../environments/environment.ts';
import type { Exclusive } from '../environments/exclusively.ts';
import type { LocalCloud } from '../environments/local-environment.ts';
import { startCloud, stopCloud, wipe } from '../local-cloud/cloud.ts';
import { startDemoUpstreams, stopDemoUpstreams } from '../local-cloud/demo-upstreams.ts';
import { removeStaleLock } from '../terraform/state-backend.ts';

type LocalEnvironment = Environment & { readonly local: LocalCloud };

/**
 * Has the local cloud and the demo upstreams answer. A command that was killed at its work may have made things
 * that the Terraform state does not know of: a cloud of ours then starts empty.
 */
export const startLocalStack = async (
  environment: LocalEnvironment,
  { wasInterrupted }: Exclusive,
): Promise<void> => {
  const { folder, local } = environment;
  if (wasInterrupted && local.isOurs) {
    note('The last command was cut off at its work; the local cloud starts empty.');
    await stopLocalStack(folder);
    wipe(folder);
  }
  await step('local cloud', () => startCloud(environment));
  if (wasInterrupted && !local.isOurs) await removeStaleLock(environment);
  await step('demo services', () => startDemoUpstreams(folder, local));
};

export const stopLocalStack = async (folder: string): Promise<void> => {
  await stopDemoUpstreams(folder);
  await stopCloud(folder);
};
