import { readIpRange } from '../../../handler/src/http/ip-range.ts';
import { cacheOf, redirectOf, requestChanges, respondOf, responseChanges } from './kong-plugins.ts';
import {
  allMethods,
  apiKeyIn,
  GatewayDraft,
  hostOf,
  type Imported,
  passwords,
  type Section,
  type SecurityEntry,
  sectionOf,
  sessionScheme,
  textOf,
  sectionsIn,
  type Settings,
  textsIn,
  usualReasons,
} from './gateway-draft.ts';

/** From a declarative configuration of Kong, `_format_version: "3.0"`. */
export const fromKong = (file: Section): Imported => {
  const draft = new GatewayDraft('Imported from Kong');
  const plugins = sectionsIn(file['plugins']);
  const pluginsOf = (owner: 'service' | 'route', name: string): readonly Section[] =>
    plugins.filter((plugin) => name !== '' && refersTo(plugin[owner]) === name);
  for (const plugin of plugins)
    for (const owner of ['consumer', 'consumer_group'])
      if (refersTo(plugin[owner]) !== undefined)
        draft.omit(
          `${owner} ${refersTo(plugin[owner])}: plugin ${textOf(plugin['name'])}`,
          'a setting holds for all callers of a route',
        );
  const owners = ['service', 'route', 'consumer', 'consumer_group'];
  const { settings, ...access } = settingsOf(
    draft,
    'all services',
    plugins.filter((plugin) => owners.every((owner) => refersTo(plugin[owner]) === undefined)),
  );
  // In the defaults, they hold for the gateway's own routes as well.
  const { ipRules, ...others } = settings;
  const whole = { ...access, settings: others };
  const loose = sectionsIn(file['routes']);
  for (const service of sectionsIn(file['services'])) {
    const name = String(service['name'] ?? service['host']);
    if (service['enabled'] === false) {
      draft.omit(`service ${name}`, 'it is disabled');
      continue;
    }
    const address = addressOf(balanced(draft, service, sectionsIn(file['upstreams'])));
    if (address === undefined) {
      draft.omit(`service ${name}`, 'it is not HTTP, or has no host');
      continue;
    }
    const ofUpstream = {
      ...draft.timeout(`service ${name}`, numberOf(service['read_timeout'])),
      ...(Number(service['retries'] ?? 0) > 0 && {
        retries: Math.min(5, Number(service['retries'])),
      }),
    };
    const upstream = (keepsHost: boolean): string =>
      draft.upstream(name, address.origin, {
        ...ofUpstream,
        ...(keepsHost && { preserveHost: true }),
      });
    const own = settingsOf(
      draft,
      `service ${name}`,
      [...sectionsIn(service['plugins']), ...pluginsOf('service', textOf(service['name']))],
      whole,
    );
    const routes = [
      ...sectionsIn(service['routes']),
      ...loose.filter((route) => isOf(route, service)),
    ];
    for (const route of routes)
      addRoute(
        draft,
        {
          ...route,
          plugins: [...sectionsIn(route['plugins']), ...pluginsOf('route', textOf(route['name']))],
        },
        { upstream, prefix: address.path, around: merge(whole, own) },
      );
  }
  const services = sectionsIn(file['services']);
  for (const route of loose.filter((each) => !services.some((service) => isOf(each, service))))
    addRoute(
      draft,
      {
        ...route,
        plugins: [...sectionsIn(route['plugins']), ...pluginsOf('route', textOf(route['name']))],
      },
      { upstream: undefined, prefix: '', around: whole },
    );
  for (const key of Object.keys(file).filter((each) => !known.has(each) && !each.startsWith('_')))
    draft.omit(key, reasons[key] ?? 'it has no equivalent in the contract');
  return draft.finish(ipRules === undefined ? {} : { ipRules });
};

/** The name that a reference has: `users`, or `{ name: users }`. */
const refersTo = (reference: unknown): string | undefined => {
  const name = textOf(reference, textOf(sectionOf(reference)['name']));
  return name === '' ? undefined : name;
};

const isOf = ({ service: reference }: Section, service: Section): boolean =>
  refersTo(reference) !== undefined && refersTo(reference) === textOf(service['name']);

/** With the address of the first target, if the host is the name of an upstream that balances. */
const balanced = (
  draft: GatewayDraft,
  service: Section,
  upstreams: readonly Section[],
): Section => {
  const upstream = upstreams.find(({ name }) => name !== undefined && name === service['host']);
  const [first, ...others] = sectionsIn(upstream?.['targets']).map(({ target }) => textOf(target));
  if (first === undefined) return service;
  if (others.length > 0)
    draft.omit(
      `service ${textOf(service['name'])}: ${others.join(', ')}`,
      'an upstream has one address, a load balancer or a service that balances itself',
    );
  const [host, port] = first.split(':');
  return { ...service, host, port: port ?? service['port'] };
};

/** Keys of the root that are read. */
const known = new Set(['services', 'routes', 'plugins']);

const reasons: Readonly<Record<string, string>> = {
  consumers:
    'callers are not in the contract: create their credentials, make apikey-create (docs/api-keys.md) or make password-create; your login service creates sessions (docs/sessions.md)',
  consumer_groups: 'use plans (docs/plans.md), or roles and scopes in the security of operations',
  upstreams: 'the address of an upstream is a load balancer or a service that balances itself',
  certificates: 'certificates are resources of Terraform (custom_domain)',
  snis: 'certificates are resources of Terraform (custom_domain)',
  vaults: 'secrets are in Secrets Manager',
};

interface KongSettings {
  readonly settings: Settings;
  /** Security schemes by the plugin that asks for them: all are needed. */
  readonly schemes: Readonly<Record<string, string>>;
  /** The Lambda function that is called in place of the service. */
  readonly lambda: string | undefined;
  /** Of `acl`: one of them is needed. */
  readonly groups: readonly string[] | undefined;
}

interface Around {
  /** Its name, with the host of the client or its own. Absent: the route has no service. */
  readonly upstream: ((keepsHost: boolean) => string) | undefined;
  readonly prefix: string;
  readonly around: KongSettings;
}

const merge = (outer: KongSettings, inner: KongSettings): KongSettings => ({
  settings: { ...outer.settings, ...inner.settings },
  lambda: inner.lambda ?? outer.lambda,
  schemes: { ...outer.schemes, ...inner.schemes },
  groups: inner.groups ?? outer.groups,
});

/** The first scheme names the caller, whose scopes or roles the groups are. */
const securityOf = ({ schemes, groups }: KongSettings): readonly SecurityEntry[] => {
  const asked = Object.values(schemes);
  if (asked.length === 0 && groups === undefined) return [];
  const [first = sessionScheme, ...others] = new Set(asked);
  const besides = Object.fromEntries(others.map((scheme) => [scheme, []]));
  return groups === undefined || groups.length === 0
    ? [{ [first]: [], ...besides }]
    : groups.map((group) => ({ [first]: [group], ...besides }));
};

const addRoute = (
  draft: GatewayDraft,
  route: Section,
  { upstream, prefix, around }: Around,
): void => {
  const what = `route ${textOf(route['name'], textsIn(route['paths'])[0] ?? '')}`;
  const protocols = textsIn(route['protocols']);
  if (protocols.length > 0 && !protocols.some((each) => /^https?$/.test(each)))
    return draft.omit(what, `a route is for HTTP, not for ${protocols.join(' and ')}`);
  for (const key of ['hosts', 'headers', 'snis', 'sources', 'destinations'])
    if (isGiven(route[key]))
      draft.omit(`${what}: ${key}`, 'routes are told apart by path and method only');
  const own = settingsOf(draft, what, sectionsIn(route['plugins']), around);
  const merged = merge(around, own);
  const { transform, cache, ...settings } = merged.settings;
  const responds = 'respond' in settings || 'redirect' in settings;
  const target = responds
    ? undefined
    : (merged.lambda ?? upstream?.(route['preserve_host'] === true));
  if (target === undefined && !responds) return draft.omit(what, 'it has no service');
  const security = securityOf(merged);
  const methods = textsIn(route['methods']).map((method) => method.toLowerCase());
  if (textsIn(route['paths']).length === 0) draft.omit(what, 'a route has a path');
  for (const given of textsIn(route['paths'])) {
    if (given.startsWith('~')) {
      draft.omit(`${what}: ${given}`, 'a path is a template, not a regular expression');
      continue;
    }
    // A path of Kong is a prefix.
    const path = given.replace(/\/+$/, '');
    const rest = '/{rest+}';
    const isStripped = route['strip_path'] !== false;
    for (const method of methods.length === 0 ? allMethods : methods) {
      if (!allMethods.includes(method) && method !== 'head' && method !== 'options') {
        draft.omit(`${what}: ${method.toUpperCase()}`, 'the gateway does not forward this method');
        continue;
      }
      for (const end of ['', rest]) {
        const from = `${path}${end}` || '/';
        const to = `${prefix}${isStripped ? end : `${path}${end}`}` || '/';
        const isHttp = target !== undefined && merged.lambda === undefined;
        draft.route({
          method,
          path: from,
          upstream: target,
          settings: {
            ...settings,
            ...(target !== undefined && transform !== undefined && { transform }),
            ...(target !== undefined && cache !== undefined && method === 'get' && { cache }),
            ...(isHttp && from !== to && { rewrite: to }),
          },
          security,
        });
      }
    }
  }
};

/** Some tools write what is not set as null, or empty. */
const isGiven = (value: unknown): boolean =>
  textsIn(value).length > 0 || Object.keys(sectionOf(value)).length > 0;

/** What the plugins of a service, a route or all of them say in the terms of the contract. */
const settingsOf = (
  draft: GatewayDraft,
  what: string,
  plugins: readonly Section[],
  outer?: KongSettings,
): KongSettings => {
  const isSignedIn =
    plugins.some(({ name }) => asking.has(String(name))) ||
    Object.keys(outer?.schemes ?? {}).length > 0;
  const settings: Record<string, unknown> = {};
  const schemes: Record<string, string> = {};
  let groups: readonly string[] | undefined;
  let lambda: string | undefined;
  for (const plugin of plugins.filter(({ enabled }) => enabled !== false)) {
    const name = String(plugin['name']);
    const config = sectionOf(plugin['config']);
    if (name === 'request-transformer' || name === 'response-transformer') {
      const read = name === 'request-transformer' ? requestChanges : responseChanges;
      const changes = read(draft, what, config);
      if (Object.keys(changes).length > 0)
        settings['transform'] = { ...sectionOf(settings['transform']), ...changes };
    } else if (name === 'proxy-cache') Object.assign(settings, cacheOf(draft, what, config));
    else if (name === 'request-termination')
      Object.assign(settings, respondOf(draft, what, config));
    else if (name === 'redirect') Object.assign(settings, redirectOf(draft, what, config));
    else if (name === 'aws-lambda') lambda = functionOf(draft, what, config);
    else if (name === 'openid-connect') schemes[name] = tokenScheme(draft, what, config);
    else if (name === 'rate-limiting')
      settings['rateLimits'] = rateLimitsOf(draft, what, config, isSignedIn);
    else if (name === 'request-size-limiting') {
      const unit = sizes[textOf(config['size_unit'], 'megabytes')] ?? 'MiB';
      settings['maxBodySize'] = `${Number(config['allowed_payload_size'] ?? 128)}${unit}`;
      if (unit === 'MiB' && Number(config['allowed_payload_size'] ?? 128) > 6) {
        settings['maxBodySize'] = '6MiB';
        draft.omit(`${what}: ${name}`, 'a body has 6 MiB at most, the limit of Lambda');
      }
    } else if (name === 'cors') {
      const allowOrigins = textsIn(config['origins']).filter((origin) =>
        /^https?:\/\/[^*]+$/.test(origin),
      );
      if (allowOrigins.length === 0)
        draft.omit(
          `${what}: cors`,
          'it names no single origin — write the origins that you allow to x-postern.defaults.cors',
        );
      else
        draft.omit(
          `${what}: cors`,
          `write "cors: { allowOrigins: [${allowOrigins.join(', ')}] }" to x-postern.defaults`,
        );
    } else if (name === 'ip-restriction') Object.assign(settings, ipRulesOf(draft, what, config));
    else if (name === 'key-auth') schemes[name] = keyScheme(draft, what, config);
    else if (name === 'basic-auth') {
      schemes[name] = draft.scheme(name, passwords);
      omitAnonymous(draft, `${what}: ${name}`, config);
    } else if (name === 'acl') groups = groupsOf(draft, what, config);
    else if (signIns.has(name)) {
      schemes[name] = sessionScheme;
      draft.omit(`${what}: ${name}`, askForSession);
    } else draft.omit(`${what}: plugin ${name}`, 'the contract has no equivalent');
  }
  return { settings, schemes, groups, lambda };
};

/** A function by its name or its ARN. */
const functionOf = (draft: GatewayDraft, what: string, config: Section): string => {
  const address = textOf(config['function_name']);
  if (config['awsgateway_compatible'] !== true)
    draft.omit(`${what}: aws-lambda`, usualReasons.event);
  const isAsync = config['invocation_type'] === 'Event';
  return draft.resource('lambda', address, isAsync ? { section: { async: true } } : {});
};

/** Access tokens, if the plugin says of which provider and for whom; otherwise a session. */
const tokenScheme = (draft: GatewayDraft, what: string, config: Section): string => {
  const name = 'openid-connect';
  const issuer = textOf(config['issuer']).replace(/\/\.well-known\/openid-configuration$/, '');
  const audiences = textsIn(config['audience_required'] ?? config['audience']);
  const isKnown = /^https:\/\/[^\s${}]+$/.test(issuer) && audiences.length > 0;
  if (isGiven(config['scopes_required']))
    draft.omit(`${what}: ${name} scopes_required`, 'write the scopes to "security"');
  if (isKnown) return draft.accessTokens(name, { issuer, audiences });
  draft.omit(`${what}: ${name}`, askForSession);
  return sessionScheme;
};

const askForSession =
  'the operations ask for a session instead — change the scheme in components.securitySchemes';

const keyScheme = (draft: GatewayDraft, what: string, config: Section): string => {
  const [name = 'apikey', ...others] = textsIn(config['key_names']);
  const place = config['key_in_header'] === false ? 'query' : 'header';
  const { key_in_query: isInQuery, key_in_body: isInBody } = config;
  if (others.length > 0)
    draft.omit(`${what}: key-auth ${others.join(', ')}`, `a key is sent as ${name} only`);
  if (place === 'header' && isInQuery !== false)
    draft.omit(
      `${what}: key-auth in the query`,
      `a key is sent in the header ${name} only — for the query, add a scheme with "in: query"`,
    );
  if (isInBody === true)
    draft.omit(`${what}: key-auth in the body`, `a key is sent in the ${place} ${name} only`);
  omitAnonymous(draft, `${what}: key-auth`, config);
  return draft.scheme('key-auth', apiKeyIn(place, name));
};

const omitAnonymous = (draft: GatewayDraft, what: string, { anonymous }: Section): void => {
  if (textOf(anonymous) !== '')
    draft.omit(
      `${what}: anonymous`,
      'requests without credentials are refused — "{}" in security admits them',
    );
};

const groupsOf = (draft: GatewayDraft, what: string, config: Section): readonly string[] => {
  const groups = textsIn(config['allow'] ?? config['whitelist']);
  if (groups.length > 0)
    draft.omit(
      `${what}: acl`,
      `the groups are scopes of API keys and passwords, and roles of sessions: give callers ${groups.join(' or ')}`,
    );
  if (isGiven(config['deny'] ?? config['blacklist']))
    draft.omit(`${what}: acl deny`, 'scopes and roles only admit: name those that may call');
  return groups;
};

/** A list that has no valid entry still admits nobody. */
const ipRulesOf = (draft: GatewayDraft, what: string, config: Section): Settings => {
  const valid = (entries: unknown): readonly string[] =>
    [...new Set(textsIn(entries))].filter((entry) => {
      const range = readIpRange(entry);
      if (!('problem' in range)) return true;
      draft.omit(`${what}: ip-restriction`, `"${entry}" ${range.problem}`);
      return false;
    });
  const given = config['allow'] ?? config['whitelist'];
  const allow = valid(given);
  const deny = valid(config['deny'] ?? config['blacklist']);
  if (isGiven(given) && allow.length === 0) return { ipRules: { deny: ['0.0.0.0/0', '::/0'] } };
  const ipRules = { ...(allow.length > 0 && { allow }), ...(deny.length > 0 && { deny }) };
  return Object.keys(ipRules).length === 0 ? {} : { ipRules };
};

const sizes: Readonly<Record<string, string>> = { megabytes: 'MiB', kilobytes: 'KiB', bytes: 'B' };

/** Plugins for which the operations ask for a session instead. */
const signIns = new Set(['jwt', 'oauth2', 'hmac-auth', 'ldap-auth', 'mtls-auth']);

/** Plugins after which there is a caller. */
const asking = new Set([...signIns, 'key-auth', 'basic-auth', 'openid-connect']);

const windows = { second: '1s', minute: '1m', hour: '1h', day: '24h' };

const rateLimitsOf = (
  draft: GatewayDraft,
  what: string,
  config: Section,
  isSignedIn: boolean,
): readonly string[] => {
  for (const unit of ['month', 'year'])
    if (config[unit] !== undefined && config[unit] !== null)
      draft.omit(`${what}: rate-limiting by the ${unit}`, 'a window has 24 h at most');
  const by = textOf(config['limit_by'], 'ip');
  const isOfCaller = isSignedIn && (by === 'consumer' || by === 'credential');
  if (by !== 'ip' && !isOfCaller)
    draft.omit(
      `${what}: rate-limiting by ${by}`,
      'it counts by address now — "per: [caller]" counts by user, on operations that need a session',
    );
  const per = [isOfCaller ? 'caller' : 'ip'];
  return Object.entries(windows).flatMap(([unit, window]) => {
    const limit = config[unit];
    if (typeof limit !== 'number') return [];
    return draft.rateLimit(`${what} by ${unit}`, { per, limit, window }) ?? [];
  });
};

const addressOf = (
  service: Section,
): { readonly origin: string; readonly path: string } | undefined => {
  const { url, protocol = 'http', host, port, path } = service;
  try {
    const text =
      typeof url === 'string'
        ? url
        : `${textOf(protocol)}://${textOf(host)}${port === undefined || port === null ? '' : `:${textOf(port)}`}${textOf(path)}`;
    const parsed = new URL(text);
    if (!/^https?:$/.test(parsed.protocol) || hostOf(parsed.origin) === 'undefined')
      return undefined;
    return { origin: parsed.origin, path: parsed.pathname.replace(/\/+$/, '') };
  } catch {
    return undefined;
  }
};

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;
