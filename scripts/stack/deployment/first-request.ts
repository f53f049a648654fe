import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BuiltContract } from '../build/built-contract.ts';
import { safeReads } from '../build/safe-reads.ts';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';
import { note } from '../command-line/step.ts';
import type { Environment } from '../environments/environment.ts';
import { readDeployment } from '../terraform/deployment.ts';
import type { Variables } from '../terraform/read-variables.ts';
import { readStack } from '../terraform/state-backend.ts';

const patienceMs = 60_000;

/** Where a deployed gateway can be reached. */
export interface Addresses {
  /** The custom domain's where there is one. */
  readonly baseUrl: string;
  /** The API's own; undefined where `default_endpoint` is false. */
  readonly defaultUrl: string | undefined;
  /** What the custom domain's DNS record has to point to. */
  readonly domainTarget: string | undefined;
}

export const readAddresses = async (environment: Environment): Promise<Addresses> => {
  const { baseUrl } = await readDeployment(environment);
  const stack = await readStack(environment);
  const defaultUrl = stack?.['default_url'];
  const target = stack?.['custom_domain_target'] as { domain_name?: string } | null | undefined;
  return {
    baseUrl,
    defaultUrl: typeof defaultUrl === 'string' ? defaultUrl : undefined,
    domainTarget: target?.domain_name,
  };
};

interface RouteToTry {
  readonly path: string;
  /** The service that it leads to, with its address and where that is configured. */
  readonly service: string;
}

/** A GET of the contract that changes nothing: one that needs no session, if there is any. */
export const routeToTry = (
  built: BuiltContract,
  { upstream_service_urls: urls }: Variables,
  variablesFile: string,
): RouteToTry | undefined => {
  const { reads } = safeReads(built);
  const read = reads.find(({ isSignedIn }) => !isSignedIn) ?? reads[0];
  if (read === undefined) return undefined;
  const url = (urls as Readonly<Record<string, string>> | undefined)?.[read.upstream];
  const file = relative(projectFolder, variablesFile);
  const service = `the service "${read.upstream}" at ${url} (upstream_service_urls in ${file})`;
  return { path: read.path, service };
};

interface Means {
  readonly request: (url: string) => Promise<Observed>;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly now: () => number;
  readonly note: (text: string) => void;
  readonly healthPath: string;
  /** A route of the contract to try once `/health` responds. */
  readonly route?: RouteToTry | undefined;
}

/**
 * Requests `/health` until a new API is there, then a route of the contract.
 * A custom domain may get its DNS record later: that is a note and no failure.
 */
export const firstRequest = async (
  { baseUrl, defaultUrl, domainTarget }: Addresses,
  given: Partial<Means> = {},
): Promise<void> => {
  const means: Means = { ...ordinary, ...given };
  const url = defaultUrl ?? baseUrl;
  const health = await untilHealthy(url, means);
  if (health.isNameless) return means.note(withoutRecord(baseUrl, domainTarget, means.healthPath));
  if (means.route !== undefined && health.status === 200) {
    const { path, service } = means.route;
    const { status, code } = await means.request(`${url}${path}`);
    if (code === 'GATEWAY_MISCONFIGURED') {
      throw new CommandError(
        `It is deployed, but an environment variable of the function is missing or wrong. Its log names it: make logs`,
      );
    }
    // A service may be down without its gateway being wrong.
    if (typeof status !== 'number' || status >= 500)
      means.note(`GET ${path} responds ${status}: is ${service} up?`);
  }
  if (url !== baseUrl) await tryDomain(baseUrl, domainTarget, means);
};

const ordinary: Means = {
  request: (url) => request(url),
  pause: sleep,
  now: Date.now,
  note,
  healthPath: '/health',
};

const untilHealthy = async (
  url: string,
  { request, pause, now, healthPath }: Means,
): Promise<Observed> => {
  const deadlineMs = now() + patienceMs;
  for (;;) {
    const observed = await request(`${url}${healthPath}`);
    if (observed.status === 200 || observed.isNameless) return observed;
    // The function itself refuses: it needs the secret of its trusted proxy, but it is reachable.
    if (observed.isGateways && observed.status === 403) return observed;
    // A new HTTP API responds 404 by itself for a moment. A 404 of the gateway does not change.
    if (now() > deadlineMs || (observed.isGateways && observed.status === 404)) {
      throw new CommandError(
        `It is deployed, but ${url}${healthPath} responds ${observed.status}, not 200. What the function reports: make logs`,
      );
    }
    await pause(500);
  }
};

const tryDomain = async (
  baseUrl: string,
  target: string | undefined,
  { request, note: say, healthPath }: Means,
): Promise<void> => {
  const { status, isNameless, isGateways } = await request(`${baseUrl}${healthPath}`);
  if (isNameless) return say(withoutRecord(baseUrl, target, healthPath));
  if (status !== 200 && !isGateways) {
    say(`${baseUrl}${healthPath} responds ${status}: does its DNS record point to ${target}?`);
  }
};

const withoutRecord = (baseUrl: string, target: string | undefined, healthPath: string): string =>
  `${new URL(baseUrl).hostname} has no DNS record that this machine sees yet. Make one, a CNAME or a Route 53 alias, ` +
  `to ${target ?? 'the output custom_domain_target'}; then try: curl -i ${baseUrl}${healthPath}`;

interface Observed {
  /** The status of the response, or the reason why there is none. */
  readonly status: number | string;
  /** Whether it is problem details, which only the function sends. */
  readonly isGateways: boolean;
  /** That of the problem details. */
  readonly code?: unknown;
  /** Whether the host has no address. */
  readonly isNameless: boolean;
}

const request = async (url: string): Promise<Observed> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(15_000) });
    const { status, headers } = response;
    const type = headers.get('content-type') ?? '';
    if (!type.startsWith('application/problem+json'))
      return { status, isGateways: false, isNameless: false };
    const { code } = (await response.json()) as { readonly code?: unknown };
    return { status, isGateways: true, code, isNameless: false };
  } catch (error) {
    const { message, cause } = error instanceof Error ? error : new Error(String(error));
    const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException;
    const status = code === '' ? message : `${message} (${code})`;
    return { status, isGateways: false, isNameless: ['ENOTFOUND', 'EAI_AGAIN'].includes(code) };
  }
};
