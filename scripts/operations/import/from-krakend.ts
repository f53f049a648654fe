import {
  GatewayDraft,
  hostOf,
  type Imported,
  type Section,
  sectionOf,
  textOf,
  sectionsIn,
  type Settings,
  splitUrl,
  textsIn,
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
  for (const endpoint of endpoints) {
    const method = textOf(endpoint['method'], 'GET').toLowerCase();
    const path = String(endpoint['endpoint']).replace(/\/\*$/, '/{rest+}');
    const what = `${method.toUpperCase()} ${String(endpoint['endpoint'])}`;
    const [backend, ...others] = sectionsIn(endpoint['backend']);
    const hosts = textsIn(backend?.['host'] ?? file['host']);
    const [host = ''] = hosts;
    const address = splitUrl(/^https?:/.test(host) ? host : `http://${host}`);
    if (backend === undefined || others.length > 0) {
      draft.omit(what, 'a route has one upstream: responses of several are not put together');
      continue;
    }
    if (address === undefined) {
      draft.omit(what, `"${host}" is not an HTTP address`);
      continue;
    }
    if (textOf(backend['method'], method).toLowerCase() !== method) {
      draft.omit(what, 'the method of the upstream is that of the request');
      continue;
    }
    if (textOf(backend['url_pattern']).includes('?')) {
      draft.omit(what, 'a rewrite is a path: it sets no query');
      continue;
    }
    if (hosts.length > 1)
      draft.omit(
        `${what}: host`,
        `${hosts.slice(1).join(', ')}: an upstream has one address, a load balancer or a service that balances itself`,
      );
    for (const key of shaping)
      if (backend[key] !== undefined)
        draft.omit(`${what}: ${key}`, 'responses pass through unchanged');
    const ofBackend = sectionOf(backend['extra_config']);
    for (const key of Object.keys(ofBackend).filter((each) => each !== circuitBreaker))
      draft.omit(`${what}: backend ${key}`, 'it has no equivalent in the contract');
    const upstream = draft.upstream(
      hostOf(address.origin),
      address.origin,
      breakerOf(draft, what, sectionOf(ofBackend[circuitBreaker])),
    );
    const target = `${address.path}${textOf(backend['url_pattern'], path).replace(/\/\*$/, '/{rest+}')}`;
    const extra = sectionOf(endpoint['extra_config']);
    const isProtected = Object.keys(extra).some((key) => key.startsWith('auth/'));
    for (const key of Object.keys(extra).filter((each) => each !== rateLimit))
      draft.omit(
        `${what}: ${key}`,
        key.startsWith('auth/')
          ? 'the operation asks for a session instead — change the scheme in components.securitySchemes'
          : 'it has no equivalent in the contract',
      );
    const rateLimits = rateLimitsOf(draft, what, sectionOf(extra[rateLimit]));
    const timeout = textOf(endpoint['timeout'] ?? file['timeout'], '2s');
    draft.route({
      method,
      path,
      upstream,
      isProtected,
      settings: {
        ...(target === path ? {} : { rewrite: target }),
        ...draft.timeout(what, goDurationMs(timeout)),
        ...(rateLimits.length > 0 && { rateLimits }),
      },
    });
  }
  return draft.finish();
};

const rateLimit = 'qos/ratelimit/router';

/** Settings of a backend that change its response. */
const shaping = ['group', 'mapping', 'allow', 'deny', 'target', 'is_collection'];

const circuitBreaker = 'qos/circuit-breaker';

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
