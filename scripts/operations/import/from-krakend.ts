import { durationMs } from '../../../handler/compiler/duration.ts';
import {
  GatewayDraft,
  hostOf,
  type Imported,
  type Section,
  sectionOf,
  textOf,
  sectionsIn,
  splitUrl,
  textsIn,
} from './gateway-draft.ts';

/** From a configuration of KrakenD, `version: 3`. */
export const fromKrakend = (file: Section): Imported => {
  const draft = new GatewayDraft(textOf(file['name'], 'Imported from KrakenD'));
  for (const key of Object.keys(sectionOf(file['extra_config'])))
    draft.omit(`extra_config ${key}`, 'it has no equivalent in the contract');
  for (const endpoint of sectionsIn(file['endpoints'])) {
    const method = textOf(endpoint['method'], 'GET').toLowerCase();
    const path = String(endpoint['endpoint']).replace(/\/\*$/, '/{rest+}');
    const what = `${method.toUpperCase()} ${String(endpoint['endpoint'])}`;
    const [backend, ...others] = sectionsIn(endpoint['backend']);
    const [host = ''] = textsIn(backend?.['host'] ?? file['host']);
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
    for (const key of shaping)
      if (backend[key] !== undefined)
        draft.omit(`${what}: ${key}`, 'responses pass through unchanged');
    const upstream = draft.upstream(hostOf(address.origin), address.origin);
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
        ...draft.timeout(what, durationMs(timeout)),
        ...(rateLimits.length > 0 && { rateLimits }),
      },
    });
  }
  return draft.finish();
};

const rateLimit = 'qos/ratelimit/router';

/** Settings of a backend that change its response. */
const shaping = ['group', 'mapping', 'allow', 'deny', 'target', 'is_collection'];

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
