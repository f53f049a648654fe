import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FaultKind,
  faultKinds,
  type InjectedFault,
} from '../../../handler/src/features/faults/injected-fault.ts';
import { buildPlaces } from '../../stack/build/build-places.ts';
import { type Arguments, duration, number } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';

export const faultArguments = [
  ...['KIND', 'ROUTE', 'PERCENT', 'FOR', 'LATENCY_MS', 'STATUS'],
] as const;

/** Reads the arguments of `make fault`. */
export const readFaultRequest = (
  args: Arguments,
  nowMs: number,
  routes = contractRoutes(),
): InjectedFault => ({
  kind: kindFrom(args['KIND'] ?? ''),
  routes: routesFrom(args['ROUTE'] ?? '', routes),
  percent: wholeNumber(args, 'PERCENT', { usual: 100, least: 1, most: 100 }),
  endsAtMs: nowMs + duration(args['FOR'], 'FOR', { usual: '2m', least: '1s', most: '60m' }),
  latencyMs: wholeNumber(args, 'LATENCY_MS', { usual: 1_000, least: 1, most: 30_000 }),
  status: wholeNumber(args, 'STATUS', { usual: 503, least: 400, most: 599 }),
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

const wholeNumber = (
  args: Arguments,
  name: string,
  range: { readonly usual: number; readonly least: number; readonly most: number },
): number => number(args[name], name, { ...range, isWhole: true });

/** The ids of the contract's routes. */
export const contractRoutes = (): readonly string[] => {
  const file = join(buildPlaces.outFolder, 'contract.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { routes: readonly string[] }).routes;
};
