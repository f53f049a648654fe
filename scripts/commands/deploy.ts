import { asTyped } from '../stack/command-line/as-typed.ts';
import { readBuiltContract } from '../stack/build/built-contract.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { note, step } from '../stack/command-line/step.ts';
import { servingHealthPath } from '../operations/contract/serving-routes.ts';
import { applyGateway } from '../operations/release/check-plan.ts';
import { requirePermitted } from '../operations/release/require-permitted.ts';
import { requireConcurrency } from '../stack/deployment/concurrency.ts';
import { firstRequest, readAddresses, routeToTry } from '../stack/deployment/first-request.ts';
import { startLocalStack } from '../stack/deployment/local-stack.ts';
import { makeRemoteState } from '../stack/deployment/remote-state.ts';
import { whatToTry } from '../stack/deployment/what-to-try.ts';
import { buildFor, requireUpstreamUrls } from '../stack/deployment/build-for.ts';
import { requireUpstreamTargets } from '../stack/deployment/upstream-targets.ts';
import { type Environment, spelledOut } from '../stack/environments/environment.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import {
  type EnvironmentLock,
  withEnvironmentLock,
} from '../stack/environments/environment-lock.ts';
import { installLocalCloud } from '../stack/local-cloud/python.ts';
import { newestPublished, serveNewest } from '../operations/release/serve-newest.ts';
import { requireTerraform } from '../stack/terraform/find-terraform.ts';
import { readStateBackend } from '../stack/terraform/state-backend.ts';
import { initialise } from '../stack/terraform/terraform.ts';

await environmentCommand('deploy', async (environment, { JSON: json }) => {
  const startedAt = performance.now();
  const baseUrl = await withEnvironmentLock(environment.folder, (lock) =>
    deploy(environment, lock),
  );
  note(
    `${environment.name} is up after ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`,
  );
  if (flag(json, 'JSON')) return console.log(JSON.stringify({ base_url: baseUrl }));
  console.log(baseUrl);
  console.log(asTyped(whatToTry(await readBuiltContract(), baseUrl, spelledOut(environment))));
});

async function deploy(environment: Environment, lock: EnvironmentLock): Promise<string> {
  const { local } = environment;
  await step('tools', async () => {
    await requireTerraform();
    if (local?.isOurs) await installLocalCloud();
    // Checks first whether AWS accepts the credentials.
    if (local === undefined) await readStateBackend(environment);
  });
  const built = await buildFor(environment);
  requireUpstreamUrls(environment, built);
  const { variables } = built;
  if (local) await startLocalStack({ ...environment, local }, lock);
  await requireConcurrency(environment, variables);
  await requireUpstreamTargets(environment, built);
  const backend = await readStateBackend(environment);
  await makeRemoteState(environment, backend, lock);
  await step('terraform init', () => initialise(environment, backend));
  const newestBefore = await newestPublished(environment);
  await applyGateway(environment, lock);
  await requirePermitted(environment, built);
  await serveNewest(environment, newestBefore);
  return step('first request', async () => {
    const addresses = await readAddresses(environment);
    const route = routeToTry(await readBuiltContract(), variables, environment.variablesFile);
    await firstRequest(addresses, { route, healthPath: await servingHealthPath(environment) });
    return addresses.baseUrl;
  });
}
