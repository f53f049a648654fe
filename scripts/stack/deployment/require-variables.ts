import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildPlaces } from '../build/build-places.ts';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';
import type { Environment } from '../environments/environment.ts';
import { readVariables, type Variables } from '../terraform/read-variables.ts';

const summaryFile = join(buildPlaces.outFolder, 'contract.json');

/**
 * Ends here where the environment's tfvars are wrong, or have no URL for an upstream of the contract. Terraform reports
 * the latter as well, but it can plan only once there is a bucket for its state, which takes an account's first deploy a
 * minute. Gives the values.
 */
export const requireVariables = async (environment: Environment): Promise<Variables> => {
  const variables = await readVariables(environment);
  const { upstream_service_urls: urls } = variables;
  const { upstreams } = JSON.parse(readFileSync(summaryFile, 'utf8')) as {
    readonly upstreams: readonly string[];
  };
  const missing = upstreams.filter((name) => !Object.hasOwn(urls ?? {}, name));
  if (missing.length === 0) return variables;
  throw new CommandError(
    `There is no URL for ${missing.join(', ')}. Add to ${relative(projectFolder, environment.variablesFile)}, ` +
      `inside upstream_service_urls:\n${missing.map((name) => `  ${name} = "https://…"`).join('\n')}`,
  );
};
