import type { Assembled } from './assemble.ts';
import type { ListedRoute } from '../../handler/compiler/list-routes.ts';
import type { Contract, Requirement } from '../../handler/src/contract.ts';
import { describeRoutes } from '../operations/contract/describe-routes.ts';
import type { DevIssuer } from './dev-issuer.ts';
import {
  type Consumer,
  type DevCredentials,
  headerOption,
  quoted,
  type SentCredential,
} from './dev-credentials.ts';
import type { DevSessions } from './dev-sessions.ts';
import { readOf } from '../stack/build/safe-reads.ts';
import { variableOf } from './upstream-urls.ts';
import { describeUnverified } from './without-api-gateway.ts';

interface Place {
  readonly url: URL;
  /** As a user names it. */
  readonly devFile: string;
  readonly devSessions: Pick<DevSessions, 'tokenOf'>;
  readonly issuer: Pick<DevIssuer, 'tokenOf'>;
  readonly devCredentials: DevCredentials;
  /** Since the process began. */
  readonly ms: number;
}

/** What a developer needs to begin: the routes, session tokens, and what is mocked. */
export const describeStart = async (
  {
    openapi,
    routes,
    urls,
    warnings,
    sessions,
    plans,
    planNames,
    accessTokens,
    apiKeys,
    secrets,
    contract,
  }: Assembled,
  { url, devFile, devSessions, issuer, devCredentials, ms }: Place,
): Promise<string> => {
  const { info } = openapi as { info?: { title?: string; version?: string } };
  const parts = [
    ...warnings,
    `${url.origin} serves ${info?.title} ${info?.version} after ${(ms / 1000).toFixed(2)} s`,
    describeRoutes(routes),
  ];
  const addCredentials = async (
    method: string,
    kind: string,
    names: string,
    sentBy: (consumer: Consumer) => SentCredential | Promise<SentCredential>,
  ): Promise<void> => {
    const request = await requestFor(method, contract, openapi);
    if (request === undefined) return;
    const lasts = method === 'basic' || method.startsWith('apiKey:') ? '' : ', for 24 hours';
    const headers = Object.entries(request.headers).map(([name, value]) =>
      headerOption(`${name}: ${value}`),
    );
    for (const [user, held] of Object.entries(sessions ?? { alice: namesFor(method, routes) })) {
      const sent = await sentBy({ name: user, scopes: held, plan: plans[user] });
      const options = [...sent.options, ...headers].map((option) => `${option} `);
      const address = url.origin + request.path + joinedQuery(request.path, sent.query);
      const which = held.length === 0 ? `no ${names}` : `the ${names} ${held.join(', ')}`;
      parts.push(
        `${kind} of ${user} with ${which}${lasts}:\n  curl -i ${options.join('')}${quoted(address)}`,
      );
    }
  };
  const addTokens = (
    method: string,
    kind: string,
    names: string,
    tokenOf: (consumer: Consumer) => Promise<string>,
  ): Promise<void> =>
    addCredentials(method, kind, names, async (consumer) => ({
      options: [headerOption(`Authorization: Bearer ${await tokenOf(consumer)}`)],
      query: '',
    }));
  await addTokens('session', 'A session', 'roles', ({ name, scopes }) =>
    devSessions.tokenOf(name, scopes),
  );
  for (const policy of accessTokens) {
    const kind = `An access token for ${policy.scheme}`;
    await addTokens(`jwt:${policy.scheme}`, kind, policy.lists, (user) =>
      issuer.tokenOf(policy, user),
    );
  }
  for (const policy of apiKeys) {
    const kind = `An API key for ${policy.method.slice(policy.method.indexOf(':') + 1)}`;
    await addCredentials(policy.method, kind, 'scopes', (consumer) =>
      devCredentials.keyOf(policy, consumer),
    );
  }
  await addCredentials('basic', 'A password', 'scopes', devCredentials.passwordOf);
  const [plan] = planNames;
  if (plan !== undefined && Object.keys(plans).length === 0)
    parts.push(
      `Plans, which nobody has here: ${planNames.join(', ')}. To give one, write to ${devFile}:\n  plans: { ${Object.keys(sessions ?? { alice: [] })[0] ?? 'alice'}: ${plan} }`,
    );
  parts.push(...describeUnverified(contract));
  if (secrets.length > 0) {
    const lines = secrets.map(({ value, text }) => `  ${value}: ${text}`);
    parts.push(`Secrets, of ${devFile} or known to everybody:\n${lines.join('\n')}`);
  }
  const signIn = routes.find(
    ({ target }) => target.kind === 'browserSignIn' && target.action === 'signIn',
  );
  if (signIn !== undefined)
    parts.push(
      `Sign-in for browsers: ${url.origin.replace('127.0.0.1', 'localhost')}${signIn.path}`,
    );
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

/** All roles or scopes that a route asks for with a sign-in method. */
export const namesFor = (method: string, routes: readonly ListedRoute[]): readonly string[] => {
  const names = routes.flatMap(({ access }) =>
    access.kind === 'public'
      ? []
      : access.alternatives.flatMap((needed) => namesIn(needed, method)),
  );
  return [...new Set(names)].toSorted();
};

const namesIn = (needed: Requirement, method: string): readonly string[] =>
  needed[method as keyof Requirement] ?? [];

const accepts = (access: ListedRoute['access'], method: string): boolean =>
  access.kind !== 'public' &&
  access.alternatives.some((needed) => Object.keys(needed).join() === method);

interface TriedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A GET to try a token with, for which the sign-in method is enough; one without parameters in its path if there is such.
 * Required parameters have the values of their examples, or of their schemas, as mocked responses have.
 */
const requestFor = async (
  method: string,
  { routes }: Contract,
  openapi: object,
): Promise<TriedRequest | undefined> => {
  const candidates = routes
    .filter((route) => route.method === 'GET' && accepts(route.access, method))
    .toSorted((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')));
  const firstRead = (sample?: (schema: unknown) => unknown): TriedRequest | undefined => {
    for (const route of candidates) {
      const read = readOf({ ...route, access: { kind: 'public' } }, openapi, sample);
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

const joinedQuery = (path: string, query: string): string =>
  path.includes('?') ? query.replace('?', '&') : query;
