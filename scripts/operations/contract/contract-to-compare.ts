import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { readYaml } from '../../../handler/compiler/source/yaml-source.ts';
import type { ListedRoute } from '../../../handler/compiler/list-routes.ts';
import { builtInPath } from '../../stack/build/built-in-path.ts';
import { compileValidFile } from '../../stack/build/compile-file.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { servingRoutes } from './serving-routes.ts';

export interface ContractToCompare {
  readonly openapi: object;
  /** Absent: only a published document is known. */
  readonly routes?: readonly ListedRoute[];
}

/** A contract, or a published document, which has no `x-postern`. */
export const contractInFile = async (file: string): Promise<ContractToCompare> => {
  const name = relative(projectFolder, file);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`${name} cannot be read (${(cause as Error).message}).`);
  });
  const { value } = readYaml(text, name);
  const isPublished = typeof value === 'object' && value !== null && !('x-postern' in value);
  return isPublished ? { openapi: value } : compileValidFile(file);
};

/** The document that the gateway serves, and the routes of the version that serves it. */
export const deployedContract = async (environment: Environment): Promise<ContractToCompare> => {
  const { baseUrl } = await readDeployment(environment);
  const routes = await servingRoutes(environment);
  const path = routes === undefined ? '/openapi.json' : builtInPath(routes, 'openapi');
  if (path === undefined)
    throw new CommandError(
      `${environment.name} does not serve its document (openapi: false). Compare with a file: make diff AGAINST=…`,
    );
  const url = `${baseUrl}${path}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch(
    (cause: unknown) => {
      throw new CommandError(`${url} cannot be reached (${(cause as Error).message}).`);
    },
  );
  if (!response.ok) throw new CommandError(`${url} responds ${response.status}.`);
  const openapi = (await response.json()) as object;
  return routes === undefined ? { openapi } : { openapi, routes };
};

const timeoutMs = 30_000;
