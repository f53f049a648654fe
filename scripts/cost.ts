import { command } from './command-line/command.ts';
import { readAssumptions } from './cost/assumptions.ts';
import { describeCost } from './cost/describe-cost.ts';
import { readStackSettings } from './cost/stack-settings.ts';
import { readEnvironment } from './environments/environment.ts';

/** Reckons what an environment costs, from its tfvars alone. */
await command(async () => {
  const { variablesFile } = readEnvironment();
  console.log(describeCost(readStackSettings(variablesFile), readAssumptions(process.env)));
});
