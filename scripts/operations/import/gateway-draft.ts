import { builtInRoutes } from '../../../handler/compiler/built-in-routes.ts';
import { parsePathTemplate } from '../../../handler/compiler/path-template.ts';
import { durationMs } from '../../../handler/compiler/duration.ts';

/** Something of the imported file that the new contract does not do, and why or what to do instead. */
export interface Omission {
  readonly what: string;
  readonly reason: string;
}

export interface Imported {
  /** The new contract, as data. */
  readonly contract: Readonly<Record<string, unknown>>;
  readonly omissions: readonly Omission[];
  /** By upstream, for the tfvars or the `environments.yaml`. */
  readonly urls: Readonly<Record<string, string>>;
}

export type Settings = Readonly<Record<string, unknown>>;

export interface DraftRoute {
  readonly method: string;
  readonly path: string;
  /** Absent: the gateway itself responds, as the settings say. */
  readonly upstream?: string | undefined;
  readonly settings?: Settings;
  /** Whether a caller must sign in. */
  readonly isProtected?: boolean;
  /** The ways to sign in, as `security` has them; a session if a caller must sign in, unless given. */
  readonly security?: readonly SecurityEntry[] | undefined;
}

/** By the names of security schemes. */
export type SecurityEntry = Readonly<Record<string, readonly string[]>>;

/** The provider of access tokens. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

export const sessionScheme = 'session';
const session = { type: 'http', scheme: 'bearer', 'x-postern': { session: {} } };

export const signedRequests: Section = {
  type: 'apiKey',
  in: 'header',
  name: 'Authorization',
  'x-amazon-apigateway-authtype': 'awsSigv4',
  'x-postern': { iam: {} },
};

export const apiKeyIn = (place: 'header' | 'query', name: string): Section => ({
  type: 'apiKey',
  in: place,
  name,
  'x-postern': { apiKey: {} },
});

export const passwords: Section = { type: 'http', scheme: 'basic', 'x-postern': { basic: {} } };

/** Reasons of omissions that several kinds of files have. */
export const usualReasons = {
  session:
    'the operation asks for a session instead — change the scheme in components.securitySchemes',
  accepted: 'it is 202 with an id (docs/upstreams.md)',
  event: 'the function gets the event of an HTTP API, payload format 2.0',
  payloadFormat: 'the function gets the event of payload format 2.0, as an HTTP API sends it',
} as const;

type AwsKind = 'lambda' | 'sqs' | 'sns' | 'eventBridge' | 'stepFunctions';

interface Resource {
  /** That of the resource, unless given. */
  readonly name?: string;
  /** What the contract says of the upstream under its kind. */
  readonly section?: Section;
}

/** A contract in the making. What it refuses becomes an omission. */
export class GatewayDraft {
  readonly omissions: Omission[] = [];
  readonly #title: string;
  readonly #upstreams: Record<string, object> = {};
  readonly #urls: Record<string, string> = {};
  readonly #rateLimits: Record<string, object> = {};
  readonly #paths: Record<string, Record<string, unknown>> = {};
  readonly #shapes = new Map<string, string>();
  readonly #schemes: Record<string, object> = {};

  constructor(title: string) {
    this.#title = title;
  }

  /** Once, although the methods of a path may have it in common. */
  omit(what: string, reason: string): void {
    const isKnown = this.omissions.some((each) => each.what === what && each.reason === reason);
    if (!isKnown) this.omissions.push({ what, reason });
  }

  /** The name of the upstream at this address, which is new unless there is one with the same settings. */
  upstream(name: string, url: string, settings: Settings = {}): string {
    return this.#upstream(name, url, { http: {}, ...settings });
  }

  /** The same for a resource of AWS by its ARN, or a function by its name. */
  resource(kind: AwsKind, arn: string, { name, section = {} }: Resource = {}): string {
    const own = name ?? arn.split(/[:/]/)[kind === 'sqs' || kind === 'sns' ? 5 : 6];
    return this.#upstream(own ?? arn, arn, { [kind]: section });
  }

  #upstream(name: string, url: string, section: Settings): string {
    for (let number = 1; ; number += 1) {
      const free = number === 1 ? nameOf(name) : `${nameOf(name)}-${number}`;
      const isSame =
        this.#urls[free] === url &&
        JSON.stringify(this.#upstreams[free]) === JSON.stringify(section);
      if (this.#urls[free] !== undefined && !isSame) continue;
      this.#upstreams[free] = section;
      this.#urls[free] = url;
      return free;
    }
  }

  /** Undefined if the contract cannot express it. */
  rateLimit(name: string, rule: { per: readonly string[]; limit: number; window: string }) {
    const seconds = (durationMs(rule.window) ?? 0) / 1_000;
    const isValid = Number.isInteger(rule.limit) && rule.limit >= 1 && rule.limit <= 1_000_000;
    if (!isValid || seconds < 1 || seconds > 86_400 || !Number.isInteger(seconds)) {
      this.omit(
        name,
        `a rate limit has a whole number of requests, and 1s to 24h, not ${rule.limit}/${rule.window}`,
      );
      return undefined;
    }
    const same = Object.entries(this.#rateLimits).find(
      ([, other]) => JSON.stringify(other) === JSON.stringify(rule),
    );
    const free = same?.[0] ?? freeName(nameOf(name), this.#rateLimits);
    this.#rateLimits[free] = rule;
    return free;
  }

  /** A timeout that the contract allows. */
  timeout(what: string, ms: number | undefined): Settings {
    if (ms === undefined || !Number.isFinite(ms)) return {};
    const allowed = Math.min(29_000, Math.max(10, Math.round(ms)));
    if (allowed !== ms)
      this.omit(
        `${what}: a timeout of ${ms} ms`,
        `it is ${allowed} ms now: a timeout is from 10 ms to 29 s`,
      );
    return { timeout: allowed % 1_000 === 0 ? `${allowed / 1_000}s` : `${allowed}ms` };
  }

  /** The name of a security scheme, which is new unless there is the same one. */
  scheme(name: string, definition: Section): string {
    const text = JSON.stringify(definition);
    const same = Object.entries(this.#schemes).find(([, other]) => JSON.stringify(other) === text);
    const taken = { ...this.#schemes, [sessionScheme]: session };
    const own = same?.[0] ?? freeName(nameOf(name), taken);
    this.#schemes[own] = definition;
    return own;
  }

  /** A security scheme for access tokens of an OpenID provider. */
  accessTokens(name: string, { issuer, audiences }: TokenIssuer): string {
    // Access tokens of Cognito have no aud.
    const isCognito = issuer.startsWith('https://cognito-idp.');
    return this.scheme(name === sessionScheme ? 'jwt' : name, {
      type: 'openIdConnect',
      openIdConnectUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      'x-postern': {
        jwt: { issuer, [isCognito ? 'clients' : 'audiences']: audiences, algorithms: ['RS256'] },
      },
    });
  }

  route({
    method,
    path,
    upstream,
    settings = {},
    isProtected = false,
    security = isProtected ? [{ [sessionScheme]: [] }] : [],
  }: DraftRoute): void {
    const what = `${method.toUpperCase()} ${path}`;
    const template = parsePathTemplate(path);
    if ('problem' in template) return this.omit(what, `the path ${template.problem}`);
    const { shape } = template;
    const known = this.#shapes.get(shape);
    const item = (this.#paths[known ?? path] ??= parametersOf(path));
    if (item[method] !== undefined || (known !== undefined && known !== path))
      return this.omit(what, `"${known ?? path}" matches the same requests`);
    this.#shapes.set(shape, path);
    if (security.some((entry) => sessionScheme in entry)) this.#schemes[sessionScheme] = session;
    item[method] = {
      security,
      'x-postern': { ...(upstream !== undefined && { upstream }), ...settings },
      responses: { default: { description: 'The response of the service' } },
    };
  }

  finish(defaults: Settings = {}): Imported {
    const isEmpty = Object.keys(this.#rateLimits).length === 0;
    return {
      contract: {
        openapi: '3.1.0',
        info: { title: this.#title, version: '1.0.0' },
        'x-postern': {
          version: 1,
          upstreams: this.#upstreams,
          ...(isEmpty ? {} : { rateLimits: this.#rateLimits }),
          defaults: { rateLimits: [], ...defaults },
          ...builtInBeside(Object.keys(this.#paths)),
        },
        paths: this.#paths,
        ...(Object.keys(this.#schemes).length > 0 && {
          components: { securitySchemes: this.#schemes },
        }),
      },
      omissions: this.omissions,
      urls: this.#urls,
    };
  }
}

/** The gateway's own routes at other paths, where one of these is theirs. */
export const builtInBeside = (paths: readonly string[]): Section => {
  const taken = builtInRoutes({}).filter(({ path }) => paths.includes(path));
  return taken.length === 0
    ? {}
    : {
        builtIn: Object.fromEntries(
          taken.map(({ key, path }) => [key, { path: `/gateway${path}` }]),
        ),
      };
};

/** Methods of a route that names none. */
export const allMethods = ['get', 'post', 'put', 'patch', 'delete'];

const parametersOf = (path: string): Record<string, unknown> => {
  const names = [...path.matchAll(/\{([^{}+]+)\+?\}/g)].map(([, name]) => name);
  if (names.length === 0) return {};
  const schema = { type: 'string' };
  return { parameters: names.map((name) => ({ name, in: 'path', required: true, schema })) };
};

/** In the characters of an upstream's name. */
export const nameOf = (text: string): string => {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '');
  return name === '' ? 'service' : name;
};

/** The name, or the first of `name-2`, `name-3`, … that is free. */
export const freeName = (name: string, taken: object): string => {
  let free = name;
  for (let number = 2; Object.hasOwn(taken, free); number += 1) free = `${name}-${number}`;
  return free;
};

/** The address of an upstream, and what is prepended to the paths there. */
export const splitUrl = (
  text: string,
): { readonly origin: string; readonly path: string } | undefined => {
  const [, origin, path = ''] = /^(https?:\/\/[^/?#{}$]+)(\/[^?#]*)?$/.exec(text) ?? [];
  return origin === undefined ? undefined : { origin, path: path.replace(/\/$/, '') };
};

export const hostOf = (origin: string): string => new URL(origin).hostname.replace(/^www\./, '');

export type Section = Readonly<Record<string, unknown>>;

export const sectionOf = (value: unknown): Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};

export const sectionsIn = (value: unknown): readonly Section[] =>
  Array.isArray(value) ? value.map(sectionOf) : [];

export const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];

export const textOf = (value: unknown, fallback = ''): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : fallback;
