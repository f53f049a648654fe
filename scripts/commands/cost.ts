import { readAssumptions } from '../operations/cost/assumptions.ts';
import { describeCost, estimateCost } from '../operations/cost/describe-cost.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { requireTerraform } from '../stack/terraform/find-terraform.ts';
import { readVariables } from '../stack/terraform/read-variables.ts';
import { stackSettings } from '../operations/cost/stack-settings.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

/** Estimates the cost of an environment from its variables. Nothing needs to be deployed. */
await environmentCommand('cost', async (environment, args) => {
  const assumptions = readAssumptions(args);
  await requireTerraform();
  const settings = stackSettings(await readVariables(environment));
  console.log(
    flag(args.JSON, 'JSON')
      ? JSON.stringify(estimateCost(settings, assumptions), undefined, 2)
      : describeCost(settings, assumptions),
  );
});
