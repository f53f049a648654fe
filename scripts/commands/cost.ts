import { command } from '../stack/command-line/command.ts';
import { assumptionNames, readAssumptions } from '../operations/cost/assumptions.ts';
import { describeCost } from '../operations/cost/describe-cost.ts';
import { requireTerraform } from '../stack/terraform/find-terraform.ts';
import { readVariables } from '../stack/terraform/read-variables.ts';
import { stackSettings } from '../operations/cost/stack-settings.ts';
import { environmentArguments, readEnvironment } from '../stack/environments/environment.ts';

/** Estimates the cost of an environment from its variables. Nothing needs to be deployed. */
await command([...environmentArguments, ...assumptionNames], async (args) => {
  const assumptions = readAssumptions(args);
  const environment = readEnvironment(args);
  await requireTerraform();
  console.log(describeCost(stackSettings(await readVariables(environment)), assumptions));
});
