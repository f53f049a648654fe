import {
  type FaultKind,
  faultKinds,
  type InjectedFault,
} from '../../../handler/src/features/faults/injected-fault.ts';
import { type Arguments, duration, number } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';

export const faultArguments = [
  ...['KIND', 'ROUTE', 'PERCENT', 'FOR', 'LATENCY_MS', 'STATUS'],
] as const;

/** Reads the arguments of `make fault`. */
export const readFaultRequest = (
  args: Arguments,
  nowMs: number,
  /** Ids of the contract's routes. */
  routes: readonly string[],
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
    error: `responses ${status} instead of the service's`,
    'upstream-cut': 'an unreachable service',
    'store-throttled': 'throttled tables',
  }[kind];
  const where = routes.length === 0 ? 'every route with a service' : routes.join(', ');
  return `${percent} % of requests to ${where} get ${what} until ${new Date(endsAtMs).toISOString()}`;
};

const kindFrom = (text: string): FaultKind => {
  const kind = faultKinds.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new CommandError(`KIND is "${text}"; it is one of ${faultKinds.join(', ')}.`);
};

/** By the ids that the log shows; a path alone means all of its methods. */
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
