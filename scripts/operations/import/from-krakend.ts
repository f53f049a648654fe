import {
  GatewayDraft,
  hostOf,
  type Imported,
  type Section,
  type SecurityEntry,
  sectionOf,
  textOf,
  sectionsIn,
  type Settings,
  splitUrl,
  textsIn,
  usualReasons,
} from './gateway-draft.ts';

/** From a configuration of KrakenD, `version: 3`. */
export const fromKrakend = (file: Section): Imported => {
  const draft = new GatewayDraft(textOf(file['name'], 'Imported from KrakenD'));
  for (const key of Object.keys(sectionOf(file['extra_config'])))
    draft.omit(`extra_config ${key}`, reasons[key] ?? 'it has no equivalent in the contract');
  for (const key of Object.keys(file).filter((each) => !known.has(each) && !isNote(each)))
    draft.omit(key, reasons[key] ?? 'it has no equivalent in the contract');
  const endpoints = sectionsIn(file['endpoints']);
  if (endpoints.some((each) => !passesAll(each['input_headers'])))
    draft.omit('input_headers', 'all headers of a request are forwarded, except those of a hop');
  if (endpoints.some((each) => !passesAll(each['input_query_strings'])))
    draft.omit('input_query_strings', 'the whole query is forwarded — declare its parameters');
  for (const endpoint of endpoints) addEndpoint(draft, file, endpoint);
  return draft.finish();
};

const addEndpoint = (draft: GatewayDraft, file: Section, endpoint: Section): void => {
  const method = textOf(endpoint['method'], 'GET').toLowerCase();
  const path = String(endpoint['endpoint']).replace(/\/\*$/, '/{rest+}');
  const what = `${method.toUpperCase()} ${String(endpoint['endpoint'])}`;
  const backends = sectionsIn(endpoint['backend']);
  const [only, ...others] = backends;
  if (only === undefined) return draft.omit(what, 'it has no backend');
  if (others.length === 0) {
    const common = settingsOf(draft, file, what, endpoint);
    return addBackend(draft, file, only, { ...common, what, method, path });
  }
  const names = backends.map((backend) => textOf(backend['group']));
  if (method !== 'get' || names.includes('') || new Set(names).size < names.length)
    return draft.omit(
      what,
      'combined responses are members of one object: give each backend of a GET a "group" (docs/upstreams.md#combine)',
    );
  if (names.length > 5 || path.includes('{rest+}'))
    return draft.omit(
      what,
      'a response is combined of 5 parts at most, and of no path with a rest',
    );
  const common = settingsOf(draft, file, what, endpoint);
  const parts = backends.map(({ group, url_pattern: pattern, ...backend }) => {
    const name = textOf(group);
    const place = `${path}/${name}`;
    // A query belongs to the request of the part: its route forwards what it gets.
    const [target, query] = textOf(pattern, place).split('?');
    addBackend(
      draft,
      file,
      { ...backend, url_pattern: target },
      { ...common, method, what: `${what}: ${name}`, path: place },
    );
    const get = inExpressions(query === undefined ? place : `${place}?${query}`);
    return [name, { get, partial: 'allow' }] as const;
  });
  const combine = { parts: Object.fromEntries(parts) };
  draft.route({ ...common, method, path, settings: { ...common.settings, combine } });
  draft.omit(
    what,
    'each part is a route of its own, too; a part without a response is null, and "errors" says why',
  );
};

/** With parameters of the path as the contract refers to them. */
const inExpressions = (text: string): string =>
  text.replaceAll(/\{([^{}]+)\}/g, '{$request.path.$1}');

interface Place {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly settings: Settings;
  readonly isProtected: boolean;
  readonly security?: readonly SecurityEntry[];
}

/** What an endpoint says of all its backends. */
const settingsOf = (draft: GatewayDraft, file: Section, what: string, endpoint: Section) => {
  const extra = sectionOf(endpoint['extra_config']);
  const tokens = tokensOf(draft, sectionOf(extra[validator]));
  const isProtected = Object.keys(extra).some((key) => key.startsWith('auth/'));
  for (const key of Object.keys(extra).filter((each) => each !== rateLimit))
    if (key !== validator || tokens === undefined)
      draft.omit(
        `${what}: ${key}`,
        key.startsWith('auth/') ? usualReasons.session : 'it has no equivalent in the contract',
      );
  const rateLimits = rateLimitsOf(draft, what, sectionOf(extra[rateLimit]));
  const timeout = textOf(endpoint['timeout'] ?? file['timeout'], '2s');
  return {
    isProtected,
    ...(tokens !== undefined && { security: tokens }),
    settings: {
      ...draft.timeout(what, goDurationMs(timeout)),
      ...(rateLimits.length > 0 && { rateLimits }),
    },
  };
};

const validator = 'auth/validator';

/** Access tokens of a provider that is named with an audience. KrakenD wants one of the roles or scopes. */
const tokensOf = (draft: GatewayDraft, config: Section): readonly SecurityEntry[] | undefined => {
  const issuer = textOf(config['issuer']);
  const audiences = textsIn(config['audience']);
  const asks = [config['roles'], config['scopes']].some((each) => textsIn(each).length > 0);
  if (!/^https:\/\/[^\s{}]+$/.test(issuer) || audiences.length === 0 || asks) return undefined;
  if (textOf(config['alg'], 'RS256') !== 'RS256') return undefined;
  return [{ [draft.accessTokens('access-token', { issuer, audiences })]: [] }];
};

const addBackend = (
  draft: GatewayDraft,
  file: Section,
  backend: Section,
  { what, path, method, settings, ...access }: Place,
): void => {
  const ofBackend = sectionOf(backend['extra_config']);
  const resource = resourceOf(draft, what, ofBackend);
  for (const key of shaping)
    if (backend[key] !== undefined)
      draft.omit(`${what}: ${key}`, 'responses pass through unchanged');
  for (const key of Object.keys(ofBackend).filter((each) => !read.has(each)))
    draft.omit(`${what}: backend ${key}`, 'it has no equivalent in the contract');
  if (resource !== undefined)
    return draft.route({ method, path, upstream: resource, settings, ...access });
  const hosts = textsIn(backend['host'] ?? file['host']);
  const [host = ''] = hosts;
  const address = splitUrl(/^https?:/.test(host) ? host : `http://${host}`);
  if (address === undefined) return draft.omit(what, `"${host}" is not an HTTP address`);
  if (textOf(backend['method'], method).toLowerCase() !== method)
    return draft.omit(what, 'the method of the upstream is that of the request');
  const [pattern = path, query] = textOf(backend['url_pattern'], path).split('?');
  const changes = queryOf(draft, what, query);
  if (hosts.length > 1)
    draft.omit(
      `${what}: host`,
      `${hosts.slice(1).join(', ')}: an upstream has one address, a load balancer or a service that balances itself`,
    );
  const upstream = draft.upstream(
    hostOf(address.origin),
    address.origin,
    breakerOf(draft, what, sectionOf(ofBackend[circuitBreaker])),
  );
  const target = `${address.path}${pattern.replace(/\/\*$/, '/{rest+}')}`;
  draft.route({
    ...{ method, path, upstream, ...access },
    settings: { ...(target === path ? {} : { rewrite: target }), ...settings, ...changes },
  });
};

/** What a pattern adds to the query; a parameter of the path can be in it. */
const queryOf = (draft: GatewayDraft, what: string, query: string | undefined): Settings => {
  const set = Object.fromEntries(
    [...new URLSearchParams(query)].flatMap(([name, value]) => {
      if (!/^\$[a-z]|\{(?![A-Za-z][\w-]*\})/i.test(value)) return [[name, inExpressions(value)]];
      draft.omit(`${what}: ${name}=${value}`, 'it has no equivalent in the contract');
      return [];
    }),
  );
  return Object.keys(set).length === 0 ? {} : { transform: { request: { query: { set } } } };
};

/** The upstream of a backend that is a function, a queue or a topic. */
const resourceOf = (draft: GatewayDraft, what: string, extra: Section): string | undefined => {
  const functionName = textOf(sectionOf(extra[lambda])['function_name']);
  if (functionName !== '') {
    draft.omit(`${what}: ${lambda}`, usualReasons.event);
    return draft.resource('lambda', functionName);
  }
  const url = textOf(sectionOf(extra[publisher])['topic_url']);
  const [, region, account, queue] =
    /^awssqs:\/\/sqs\.([a-z\d-]+)\.amazonaws\.com\/(\d{12})\/([\w-]+)/.exec(url) ?? [];
  const [, topic] = /^awssns:\/\/\/(arn:aws[\w-]*:sns:[^?]+)/.exec(url) ?? [];
  if (queue === undefined && topic === undefined) return undefined;
  draft.omit(`${what}: the response`, usualReasons.accepted);
  return queue === undefined
    ? draft.resource('sns', topic ?? '')
    : draft.resource('sqs', `arn:aws:sqs:${region}:${account}:${queue}`);
};

const lambda = 'backend/lambda';
const publisher = 'backend/pubsub/publisher';

const rateLimit = 'qos/ratelimit/router';

/** Settings of a backend that change its response. */
const shaping = ['group', 'mapping', 'allow', 'deny', 'target', 'is_collection'];

const circuitBreaker = 'qos/circuit-breaker';

/** What is read of the settings of a backend. */
const read = new Set([circuitBreaker, lambda, publisher]);

const breakerOf = (draft: GatewayDraft, what: string, config: Section): Settings => {
  const { max_errors: failures, timeout } = config;
  if (failures === undefined) return {};
  const seconds = Number(timeout);
  if (Number(failures) >= 1 && Number(failures) <= 1_000 && seconds >= 1 && seconds <= 300)
    return { breaker: { failures: Number(failures), openFor: `${seconds}s` } };
  draft.omit(`${what}: ${circuitBreaker}`, 'a breaker has 1 to 1000 failures, and 1s to 5m');
  return {};
};

/** A duration of Go, such as `1m30s`. */
const goDurationMs = (text: string): number | undefined => {
  const parts = text.match(/\d+(?:\.\d+)?(?:ms|us|µs|ns|h|m|s)/g) ?? [];
  if (parts.length === 0 || parts.join('') !== text) return undefined;
  return parts.reduce((sum, part) => {
    const unit = part.replace(/[\d.]+/, '');
    return sum + Number.parseFloat(part) * (milliseconds[unit] ?? 0);
  }, 0);
};

const milliseconds: Readonly<Record<string, number>> = {
  ...{ h: 3_600_000, m: 60_000, s: 1_000, ms: 1 },
  ...{ us: 0.001, µs: 0.001, ns: 0.000_001 },
};

/** KrakenD forwards only what an endpoint lists. */
const passesAll = (listed: unknown): boolean => textsIn(listed).includes('*');

const isNote = (key: string): boolean => /^[@$_#]/.test(key);

/** Keys of the root that are read, or say nothing about requests. */
const known = new Set([
  'version',
  'name',
  'host',
  'timeout',
  'endpoints',
  'extra_config',
  'port',
  'output_encoding',
]);

const reasons: Readonly<Record<string, string>> = {
  'security/cors': 'write the origins that you allow to x-postern.defaults.cors',
  'telemetry/logging': 'each request is one line of the log (docs/observability.md)',
  tls: 'API Gateway has the certificate (custom_domain)',
  cache_ttl: 'responses keep the Cache-Control of the upstream',
  plugin: 'it has no equivalent in the contract',
};

const rateLimitsOf = (draft: GatewayDraft, what: string, config: Section): readonly string[] => {
  const window = textOf(config['every'], '1s');
  const { strategy = 'ip' } = config;
  if (config['client_max_rate'] !== undefined && strategy !== 'ip')
    draft.omit(
      `${what}: rate limit by ${String(strategy)}`,
      'it counts by address now — "per: [caller]" counts by user',
    );
  const rules = [
    ['all', config['max_rate'], ['route']],
    ['client', config['client_max_rate'], ['ip', 'route']],
  ] as const;
  return rules.flatMap(([name, limit, per]) =>
    typeof limit === 'number' && limit > 0
      ? (draft.rateLimit(`${what} ${name}`, { per: [...per], limit, window }) ?? [])
      : [],
  );
};
