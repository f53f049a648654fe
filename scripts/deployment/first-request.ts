import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildPlaces } from '../build/build-places.ts';
import { Fault } from '../command-line/fault.ts';
import { note } from '../command-line/step.ts';

const patienceMs = 60_000;
const summaryFile = join(buildPlaces.outFolder, 'contract.json');

/** Asks the deployed gateway for `/health`, as often as it takes a new API to be there, then for a route of the contract. */
export const firstRequest = async (baseUrl: string): Promise<void> => {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const status = await statusOf(`${baseUrl}/health`);
    if (status === 200) break;
    // A gateway that says it is misconfigured, or that denies, will not change its mind.
    if (Date.now() > deadline || status === 404) {
      throw new Fault(
        `It is deployed, but ${baseUrl}/health answers ${status}, not 200. What the function says of it: make logs`,
      );
    }
    await sleep(500);
  }
  const path = simpleRoute();
  if (path === undefined) return;
  const status = await statusOf(`${baseUrl}${path}`);
  // A service may be down without its gateway being wrong.
  if (typeof status !== 'number' || status >= 500)
    note(`GET ${path} answers ${status}: is the service behind it up?`);
};

const statusOf = async (url: string): Promise<number | string> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(15_000) })).status;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** A route of the contract that can be asked for without knowing anything. */
const simpleRoute = (): string | undefined => {
  const { routes } = JSON.parse(readFileSync(summaryFile, 'utf8')) as { routes: readonly string[] };
  const builtIn = ['/health', '/health/ready', '/openapi.json'];
  return routes
    .filter((route) => route.startsWith('GET /') && !route.includes('{'))
    .map((route) => route.slice('GET '.length))
    .find((path) => !builtIn.includes(path));
};
