import type { BuiltContract } from '../build/built-contract.ts';
import { healthPath, isOwnTarget } from '../build/built-in-path.ts';
import { type ReadDocument, readOf, safeReads } from '../build/safe-reads.ts';

/**
 * Commands for the first minutes, made from the contract: a route that is open, one for each way to sign in that the
 * commands make credentials for, and load.
 */
export const whatToTry = (built: BuiltContract, baseUrl: string, variables: string): string => {
  const { reads } = safeReads(built);
  const health = healthPath(built.contract.routes);
  const open = reads.find(({ isSignedIn }) => !isSignedIn)?.path ?? health;
  const signedIn = reads.find(({ isSignedIn }) => isSignedIn);
  const [needed = []] = signedIn?.alternatives ?? [];
  const session = `make -s session ${variables} USER=alice${listed('ROLES', needed)}`;
  return [
    '\nTry:',
    `  curl -i ${quoted(baseUrl + open)}`,
    ...(signedIn === undefined
      ? []
      : [`  curl -i -H "Authorization: Bearer $(${session})" ${quoted(baseUrl + signedIn.path)}`]),
    ...ofConsumers(built, baseUrl, variables),
    ...ofBrowsers(built, baseUrl),
    ...(signedIn === undefined ? [] : [`  make loadtest ${variables}`]),
  ].join('\n');
};

/** For each scheme of API keys and passwords, with the first route that it alone is enough for; a GET if there is one. */
const ofConsumers = (
  { contract, openapi }: BuiltContract,
  baseUrl: string,
  variables: string,
): readonly string[] => {
  const document = JSON.parse(openapi) as PublishedSchemes;
  const found = new Map<string, { readonly command: string; readonly curl?: string }>();
  for (const route of contract.routes) {
    if (route.access.kind === 'public') continue;
    for (const alternative of route.access.alternatives) {
      const [[method = '', scopes = []] = [], ...others] = Object.entries(alternative);
      const [kind = '', scheme = ''] = method.split(/:(.*)/s);
      const create = creates[kind];
      if (create === undefined || others.length > 0 || found.get(method)?.curl) continue;
      const command = `make -s ${create} ${variables} CONSUMER=acme${listed('SCOPES', scopes)}`;
      // The commands make sessions for load; here, any credential is as good.
      const read =
        route.method === 'GET' ? readOf({ ...route, access: { kind: 'public' } }, document) : '';
      const place = kind === 'basic' ? basic : document.components?.securitySchemes?.[scheme];
      const curl =
        typeof read === 'string' || place === undefined
          ? undefined
          : curlWith(place, `$(${command})`, baseUrl + read.path);
      if (curl !== undefined || !found.has(method))
        found.set(method, { command, ...(curl !== undefined && { curl }) });
    }
  }
  return [...found.values()].map(({ command, curl }) => `  ${curl ?? command.replace(' -s', '')}`);
};

/** By the sign-in method: the command that makes a credential. */
const creates: Readonly<Record<string, string>> = {
  apiKey: 'apikey-create',
  basic: 'password-create',
};

interface Place {
  readonly in?: string;
  readonly name?: string;
}

interface PublishedSchemes extends ReadDocument {
  readonly components?: { readonly securitySchemes?: Readonly<Record<string, Place | undefined>> };
}

/** The user name is the consumer's, unless the command gets another one. */
const basic: Place = { in: 'basic' };

const curlWith = ({ in: place, name = '' }: Place, credential: string, url: string): string => {
  if (place === 'basic') return `curl -i -u "acme:${credential}" ${quoted(url)}`;
  if (place === 'query') {
    const separator = url.includes('?') ? '&' : '?';
    return `curl -i "${url}${separator}${encodeURIComponent(name)}=${credential}"`;
  }
  const header = place === 'cookie' ? `Cookie: ${name}=` : `${name}: `;
  return `curl -i -H "${header}${credential}" ${quoted(url)}`;
};

/** The page at which users sign in. */
const ofBrowsers = ({ contract }: BuiltContract, baseUrl: string): readonly string[] => {
  const page = contract.routes.find(
    ({ target, method, path }) =>
      isOwnTarget(target) &&
      target.kind === 'browserSignIn' &&
      method === 'GET' &&
      path.endsWith('/sign-in'),
  );
  return page === undefined ? [] : [`  in a browser: ${baseUrl}${page.path}`];
};

const listed = (name: string, values: readonly string[]): string =>
  values.length === 0 ? '' : ` ${name}=${values.join(',')}`;

/** A query's `&` would end the command. */
const quoted = (url: string): string => (/^[\w:/.%~-]+$/.test(url) ? url : `'${url}'`);
