import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FaultKind,
  faultKinds,
  type InjectedFault,
  longestFaultMs,
} from '../../../handler/src/features/faults/injected-fault.ts';
import { buildPlaces } from '../../stack/build/build-places.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { durationMs } from '../../../handler/compiler/duration.ts';

type Variables = Readonly<NodeJS.ProcessEnv>;

/** Reads `make fault`'s variables. A fault says what to type instead. */
export const readFaultRequest = (
  variables: Variables,
  nowMs: number,
  routes = contractRoutes(),
): InjectedFault => ({
  kind: kindFrom(variables['KIND'] ?? ''),
  routes: routesFrom(variables['ROUTE'] ?? '', routes),
  percent: numberFrom(variables, 'PERCENT', { usual: 100, least: 1, most: 100 }),
  endsAtMs: nowMs + lengthFrom(variables['FOR'] || '2m'),
  latencyMs: numberFrom(variables, 'LATENCY_MS', { usual: 1_000, least: 1, most: 30_000 }),
  status: numberFrom(variables, 'STATUS', { usual: 503, least: 400, most: 599 }),
});

export const describeFault = (fault: InjectedFault): string => {
  const { kind, routes, percent, endsAtMs, latencyMs, status } = fault;
  const what = {
    latency: `${latencyMs} ms of latency`,
    error: `an answer ${status} in the service's place`,
    'upstream-cut': 'a service that cannot be reached',
    'store-throttled': 'tables that are throttled',
  }[kind];
  const where = routes.length === 0 ? 'every route with a service' : routes.join(', ');
  return `${percent} % of requests to ${where} meet ${what}, until ${new Date(endsAtMs).toISOString()}`;
};

const kindFrom = (text: string): FaultKind => {
  const kind = faultKinds.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new CommandError(`KIND is "${text}"; it is one of ${faultKinds.join(', ')}.`);
};

/** By ids as the log has them; with a bare path, all of its methods. */
const routesFrom = (text: string, known: readonly string[]): readonly string[] => {
  if (text === '') return [];
  const routes = known.filter((route) => route === text || route.endsWith(` ${text}`));
  if (routes.length > 0) return routes;
  throw new CommandError(`ROUTE is "${text}"; the routes are:\n  ${known.join('\n  ')}`);
};

const lengthFrom = (text: string): number => {
  const ms = durationMs(text);
  if (ms !== undefined && ms > 0 && ms <= longestFaultMs) return ms;
  throw new CommandError(`FOR is "${text}"; a fault lasts from 1s to 60m, such as 2m.`);
};

interface Range {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

const numberFrom = (variables: Variables, name: string, { usual, least, most }: Range): number => {
  const text = variables[name] || String(usual);
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new CommandError(`${name} is "${text}"; it is a whole number from ${least} to ${most}.`);
};

/** The ids of the contract's routes. */
export const contractRoutes = (): readonly string[] => {
  const file = join(buildPlaces.outFolder, 'contract.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { routes: readonly string[] }).routes;
};
