import type { Assembled } from './assemble.ts';
import type { ListedRoute } from '../../handler/compiler/list-routes.ts';
import type { Contract } from '../../handler/src/contract.ts';
import { describeRoutes } from '../operations/contract/describe-routes.ts';
import type { DevSessions } from './dev-sessions.ts';
import { readOf } from '../stack/build/safe-reads.ts';
import { sessionAlternatives } from '../stack/build/session-alternatives.ts';
import { variableOf } from './upstream-urls.ts';

interface Place {
  readonly url: URL;
  /** As a user names it. */
  readonly devFile: string;
  readonly devSessions: Pick<DevSessions, 'tokenOf'>;
  /** Since the process began. */
  readonly ms: number;
}

/** What a developer needs to begin: the routes, session tokens, and what is mocked. */
export const describeStart = async (
  { openapi, routes, urls, warnings, sessions, contract }: Assembled,
  { url, devFile, devSessions, ms }: Place,
): Promise<string> => {
  const { info } = openapi as { info?: { title?: string; version?: string } };
  const parts = [
    ...warnings,
    `${url.origin} serves ${info?.title} ${info?.version} after ${(ms / 1000).toFixed(2)} s`,
    describeRoutes(routes),
  ];
  const request = await requestForSession(contract, openapi);
  if (request !== undefined) {
    const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
    for (const [user, roles] of Object.entries(sessions ?? { alice: rolesOf(routes) })) {
      const token = `Authorization: Bearer ${await devSessions.tokenOf(user, roles)}`;
      const options = [token, ...headers].map((header) => `-H ${quoted(header)}`).join(' ');
      parts.push(
        `A session of ${user} with ${roles.length === 0 ? 'no role' : `the roles ${roles.join(', ')}`}, for 24 hours:\n  curl -i ${options} ${quoted(url.origin + request.path)}`,
      );
    }
  }
  const services = Object.entries(urls).map(([name, { href }]) => `  ${name}  ${href}`);
  if (services.length > 0) parts.push(`Upstreams:\n${services.join('\n')}`);
  const mocked = Object.keys(contract.upstreams).filter((name) => urls[name] === undefined);
  const [one] = mocked;
  if (one !== undefined)
    parts.push(
      `Mocked, as they have no URL: ${mocked.join(', ')}. For a URL, set ${variableOf(one)} or write to ${devFile}:\n  upstreams: { ${one}: http://localhost:3000 }`,
    );
  return `${parts.join('\n\n')}\n`;
};

export const describeProblems = (problems: readonly string[], isServing: boolean): string => {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const consequence = isServing
    ? 'the last version without problems is still served.'
    : 'requests wait until the files have none.';
  return `\n${problems.join('\n')}\n\n${count}: ${consequence}\n`;
};

/** The routes that came and went. */
export const describeChange = (former: Assembled, next: Assembled, ms: number): string => {
  const [before, after] = [former, next].map(({ routes }) => routes.map(({ id }) => id));
  const lines = [
    ...next.warnings,
    `Reloaded after ${Math.round(ms)} ms.`,
    ...notIn(before, after).map((id) => `  + ${id}`),
    ...notIn(after, before).map((id) => `  - ${id}`),
  ];
  return lines.join('\n');
};

const notIn = (known: readonly string[] = [], ids: readonly string[] = []): readonly string[] => {
  const all = new Set(known);
  return ids.filter((id) => !all.has(id));
};

/** All roles that a route asks the user of a session for. */
const rolesOf = (routes: readonly ListedRoute[]): readonly string[] => {
  const roles = routes.flatMap(({ access }) =>
    access.kind === 'public' ? [] : access.alternatives.flatMap(({ session = [] }) => session),
  );
  return [...new Set(roles)].toSorted();
};

interface TriedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A GET to try a session with, one without parameters in its path if there is such. Required parameters have the values
 * of their examples, or of their schemas, as mocked responses have.
 */
const requestForSession = async (
  { routes }: Contract,
  openapi: object,
): Promise<TriedRequest | undefined> => {
  const candidates = routes
    .filter(({ method, access }) => method === 'GET' && sessionAlternatives(access).length > 0)
    .toSorted((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')));
  const firstRead = (sample?: (schema: unknown) => unknown): TriedRequest | undefined => {
    for (const route of candidates) {
      const read = readOf(route, openapi, sample);
      if (typeof read !== 'string') return read;
    }
    return undefined;
  };
  if (candidates.length === 0) return undefined;
  const read = firstRead();
  if (read !== undefined) return read;
  const { createSampler } = await import('../stack/mock-upstreams/sample-schema.ts');
  const sampler = createSampler(openapi);
  const sampled = firstRead((schema) => sampler.sample(schema));
  return sampled ?? candidates.map(({ path }) => ({ path, headers: {} }))[0];
};

/** For a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
