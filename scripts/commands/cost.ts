import { command } from '../stack/command-line/command.ts';
import { assumptionNames, readAssumptions } from '../operations/cost/assumptions.ts';
import { describeCost } from '../operations/cost/describe-cost.ts';
import { readStackSettings } from '../operations/cost/stack-settings.ts';
import { environmentArguments, readEnvironment } from '../stack/environments/environment.ts';

/** Reckons what an environment costs, from its tfvars alone. */
await command([...environmentArguments, ...assumptionNames], async (args) => {
  const { variablesFile } = readEnvironment(args);
  console.log(describeCost(readStackSettings(variablesFile), readAssumptions(args)));
});
