import { rmSync } from 'node:fs';
import { note, step } from '../command-line/step.ts';
import type { Environment } from '../environments/environment.ts';
import type { EnvironmentLock } from '../environments/environment-lock.ts';
import type { LocalCloud } from '../environments/local-environment.ts';
import { startCloud, stopCloud, wasCloudKilled } from '../local-cloud/cloud.ts';
import { keepSecret } from '../local-cloud/secret.ts';
import { startLocalUpstreams, stopLocalUpstreams } from '../local-cloud/local-upstreams.ts';
import { removeStaleLock } from '../terraform/state-backend.ts';

type LocalEnvironment = Environment & { readonly local: LocalCloud };

/**
 * Starts the local cloud and what stands for the upstreams of the built contract. If the cloud or a command was killed, the cloud and the Terraform
 * state may differ: then our own cloud starts empty, and the apply creates everything again.
 */
export const startLocalStack = async (
  environment: LocalEnvironment,
  { wasInterrupted }: EnvironmentLock,
): Promise<void> => {
  const { folder, local } = environment;
  if (local.isOurs && (wasInterrupted || wasCloudKilled(folder))) {
    const victim = wasInterrupted ? 'last command' : 'local cloud';
    note(`The ${victim} was killed at its work; the local cloud starts empty.`);
    await removeLocalStack(folder);
  }
  keepSecret(folder, local.secret);
  await step('local cloud', () => startCloud(environment));
  if (wasInterrupted && !local.isOurs) await removeStaleLock(environment);
  const what = environment.settings === undefined ? 'demo services' : 'mocked upstreams';
  await step(what, () => startLocalUpstreams(environment));
};

/** With all it has: its Terraform state, too, is in the cloud's own bucket. */
export const removeLocalStack = async (folder: string): Promise<void> => {
  await stopLocalUpstreams(folder);
  await stopCloud(folder);
  rmSync(folder, { recursive: true, force: true });
};
