import { CommandError } from '../../stack/command-line/command-error.ts';

/** What a reckoning takes for granted, each of it an argument of the command. */
export interface Assumptions {
  readonly requests: number;
  /** Share of requests that carry a session. */
  readonly signedIn: number;
  /** Size of an answer. */
  readonly bodyKb: number;
  readonly upstreamMs: number;
  /** Requests a second of one environment under load: its metrics are gathered for ten seconds. */
  readonly perSecond: number;
  /** Routes that are called; each has metrics of its own. */
  readonly routes: number;
  /** Share of requests that start an environment. */
  readonly coldStarts: number;
  /** Items that the tables hold: sessions, and buckets of callers seen lately. */
  readonly items: number;
}

type Variables = Readonly<NodeJS.ProcessEnv>;

export const readAssumptions = (variables: Variables): Assumptions => ({
  requests: readNumber(variables, 'REQUESTS', { usual: 1_000_000, least: 1, most: 1e12 }),
  signedIn: readNumber(variables, 'SIGNED_IN', { usual: 1, least: 0, most: 1 }),
  bodyKb: readNumber(variables, 'BODY_KB', { usual: 2, least: 0, most: 6_144 }),
  upstreamMs: readNumber(variables, 'UPSTREAM_MS', { usual: 20, least: 0, most: 29_000 }),
  perSecond: readNumber(variables, 'PER_SECOND', { usual: 20, least: 0.001, most: 1_000 }),
  routes: readNumber(variables, 'ROUTES', { usual: 6, least: 1, most: 10_000 }),
  coldStarts: readNumber(variables, 'COLD_STARTS', { usual: 0.005, least: 0, most: 1 }),
  items: readNumber(variables, 'ITEMS', { usual: 100_000, least: 0, most: 1e10 }),
});

interface Range {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

const readNumber = (variables: Variables, name: string, { usual, least, most }: Range): number => {
  const text = variables[name] ?? '';
  if (text === '') return usual;
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new CommandError(
    `${name} is "${text}"; it is a number from ${least} to ${most}, such as ${usual}.`,
  );
};
