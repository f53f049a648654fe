import { growEnvironments } from './environments.ts';
import { growKeys } from './keys.ts';
import { growRoutes } from './routes.ts';
import { growTokens } from './tokens.ts';
import type { GrowthOfParts } from './growth.ts';

// A separate process, so that the measured heap contains nothing else.
const growth: GrowthOfParts = {
  routes: growRoutes(),
  keys: await growKeys(),
  environments: await growEnvironments(),
  tokens: await growTokens(),
};
console.log(JSON.stringify(growth));
