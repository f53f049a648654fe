import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildPlaces } from '../build/build-places.ts';
import { Fault } from '../command-line/fault.ts';
import { projectFolder } from '../command-line/folders.ts';
import type { Environment } from '../environments/environment.ts';

const summaryFile = join(buildPlaces.outFolder, 'contract.json');

/**
 * Ends here where the environment's tfvars have no URL for an upstream of the contract. Terraform says so as well,
 * but it can plan only once there is a bucket for its state, which takes an account's first deploy a minute.
 */
export const requireUpstreamUrls = ({ variablesFile }: Environment): void => {
  const { upstreams } = JSON.parse(readFileSync(summaryFile, 'utf8')) as {
    readonly upstreams: readonly string[];
  };
  const missing = missingUpstreams(upstreams, readFileSync(variablesFile, 'utf8'));
  if (missing.length === 0) return;
  throw new Fault(
    `There is no URL for ${missing.join(', ')}. Add to ${relative(projectFolder, variablesFile)}, inside ` +
      `upstream_service_urls:\n${missing.map((name) => `  ${name} = "https://…"`).join('\n')}`,
  );
};

/** None where the tfvars leave the variable to some other file: that is for Terraform to judge. */
export const missingUpstreams = (
  upstreams: readonly string[],
  tfvars: string,
): readonly string[] => {
  const lines = tfvars.replace(/^\s*(#|\/\/).*$/gm, '');
  const block = /^\s*upstream_service_urls\s*=\s*\{([^}]*)\}/m.exec(lines)?.[1];
  if (block === undefined) return [];
  const named = [...block.matchAll(/(?:^|[\s,])"?([\w-]+)"?\s*[=:]\s*"/g)].map(([, name]) => name);
  return upstreams.filter((name) => !named.includes(name));
};
