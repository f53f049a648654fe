import { relative } from 'node:path';
import { projectFolder } from '../command-line/folders.ts';
import type { Contract } from '../../../handler/src/contract.ts';
import type { Variables } from '../terraform/read-variables.ts';

/** Names the service that a path of the contract leads to: its address, and where that is written. */
export const serviceBehind =
  (
    { routes }: Pick<Contract, 'routes'>,
    { upstream_service_urls: urls }: Variables,
    variablesFile: string,
  ) =>
  (path: string): string => {
    const target = routes.find((route) => route.method === 'GET' && route.path === path)?.target;
    if (target?.kind !== 'upstream') return 'the service behind it';
    const { upstream } = target;
    const url = (urls as Readonly<Record<string, string>> | undefined)?.[upstream];
    return `the service "${upstream}" at ${url} (upstream_service_urls in ${relative(projectFolder, variablesFile)})`;
  };
