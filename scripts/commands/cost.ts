import { command } from '../stack/command-line/command.ts';
import { readAssumptions } from '../operations/cost/assumptions.ts';
import { describeCost } from '../operations/cost/describe-cost.ts';
import { readStackSettings } from '../operations/cost/stack-settings.ts';
import { readEnvironment } from '../stack/environments/environment.ts';

/** Reckons what an environment costs, from its tfvars alone. */
await command(async () => {
  const { variablesFile } = readEnvironment();
  console.log(describeCost(readStackSettings(variablesFile), readAssumptions(process.env)));
});
