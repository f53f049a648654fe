import { Killed } from '../../stack/command-line/command-error.ts';
import { step } from '../../stack/command-line/step.ts';
import { applyGateway } from './check-plan.ts';
import { requirePermitted } from './require-permitted.ts';
import { requireConcurrency } from '../../stack/deployment/concurrency.ts';
import { buildFor, requireUpstreamUrls } from '../../stack/deployment/build-for.ts';
import { requireUpstreamTargets } from '../../stack/deployment/upstream-targets.ts';
import { type Environment, spelledOut } from '../../stack/environments/environment.ts';
import { withEnvironmentLock } from '../../stack/environments/environment-lock.ts';
import { readStateBackend } from '../../stack/terraform/state-backend.ts';
import { initialise } from '../../stack/terraform/terraform.ts';

/**
 * Builds the zip, and publishes a version with its settings through Terraform. No client request reaches it by this.
 */
export const publish = (environment: Environment): Promise<void> =>
  withEnvironmentLock(environment.folder, async (lock) => {
    // Keeps the mark of the killed command: it is for a deploy to act on.
    if (lock.wasInterrupted) {
      throw new Killed(
        `The last command on ${environment.name} was killed at its work. First: make deploy ${spelledOut(environment)}`,
      );
    }
    const built = await buildFor(environment);
    requireUpstreamUrls(environment, built);
    await requireConcurrency(environment, built.variables);
    await requireUpstreamTargets(environment, built);
    const backend = await readStateBackend(environment);
    await step('terraform init', () => initialise(environment, backend));
    await applyGateway(environment, lock);
    await requirePermitted(environment, built);
  });
