import { checkHeaderName, checkHeaderValue } from '../../../handler/compiler/header-rules.ts';
import {
  type GatewayDraft,
  type Section,
  sectionOf,
  type Settings,
  textOf,
  textsIn,
} from './gateway-draft.ts';

/** What a plugin of Kong says in the terms of the contract. */
type Reading = (draft: GatewayDraft, what: string, config: Section) => Settings;

/** What `request-transformer` means for the `transform` of the contract: headers and the query. */
export const requestChanges: Reading = (draft, what, config) => {
  const moves = {
    http_method: config['http_method'],
    'replace.uri': given(config, 'replace', 'uri'),
  };
  for (const [key, value] of Object.entries(moves))
    if (textOf(value) !== '')
      draft.omit(`${what}: ${key}`, 'the method and the path are those of the request, or rewrite');
  const headers = changesOf(draft, what, config, 'headers', 'request');
  const query = changesOf(draft, what, config, 'querystring', 'request');
  omitOthers(draft, what, config, ['body']);
  const request = { ...(headers && { headers }), ...(query && { query }) };
  return Object.keys(request).length === 0 ? {} : { request };
};

/** The same of `response-transformer`, for headers. */
export const responseChanges: Reading = (draft, what, config) => {
  const headers = changesOf(draft, what, config, 'headers', 'response');
  omitOthers(draft, what, config, ['json', 'json_types', 'body']);
  return headers ? { response: { headers } } : {};
};

const kinds = ['remove', 'rename', 'replace', 'add', 'append'] as const;

/** What a plugin does of a kind, such as `add`, to a part, such as `headers`. */
const given = (config: Section, kind: (typeof kinds)[number], part: string): unknown =>
  sectionOf(config[kind])[part];

const omitOthers = (
  draft: GatewayDraft,
  what: string,
  config: Section,
  names: readonly string[],
): void => {
  for (const kind of kinds)
    for (const name of names)
      if (textsIn(given(config, kind, name)).length > 0)
        draft.omit(`${what}: ${kind}.${name}`, 'bodies pass through unchanged');
};

/**
 * Kong adds what is not there, and replaces what is there; what it does in both cases is a `set`. An addition alone is one
 * as well, which differs only if the request has a value.
 */
const changesOf = (
  draft: GatewayDraft,
  what: string,
  config: Section,
  part: 'headers' | 'querystring',
  direction: 'request' | 'response',
): Settings | undefined => {
  const isHeader = part === 'headers';
  const isAllowed = (name: string, value: string): boolean => {
    const reasons: string[] = [];
    const report = (_: unknown, reason: string): void => void reasons.push(reason);
    if (isHeader) {
      checkHeaderName(name.toLowerCase(), direction, [], report);
      checkHeaderValue(value, [], report);
    }
    if (/\$\(|^\$[a-z]|\{\$|\$\{/i.test(value)) reasons.push(`"${value}" is a template of Kong`);
    for (const reason of reasons) draft.omit(`${what}: ${part} ${name}`, reason);
    return reasons.length === 0;
  };
  const pairs = (kind: (typeof kinds)[number]): Readonly<Record<string, string>> =>
    Object.fromEntries(
      textsIn(given(config, kind, part))
        .map((text) => /^([^:]+):(.*)$/s.exec(text)?.slice(1) ?? [text, ''])
        .map(([name = '', value = '']) => [name.trim(), value.trim()] as const)
        .filter(([name, value]) => isAllowed(name, kind === 'rename' ? '' : value))
        .filter(([, to]) => kind !== 'rename' || !isHeader || isAllowed(to, '')),
    );
  const remove = textsIn(given(config, 'remove', part)).filter((name) => isAllowed(name, ''));
  const [rename, replace, add, append] = (['rename', 'replace', 'add', 'append'] as const).map(
    pairs,
  );
  for (const name of Object.keys(replace ?? {}))
    if (add?.[name] !== replace?.[name])
      draft.omit(
        `${what}: replace ${name}`,
        'a value is set whether or not there is one — see set',
      );
  for (const name of Object.keys(add ?? {}))
    if (replace?.[name] !== add?.[name])
      draft.omit(`${what}: add ${name}`, 'it is set even if there is a value already');
  if (!isHeader)
    for (const [kind, names] of Object.entries({ rename, append }))
      if (Object.keys(names ?? {}).length > 0)
        draft.omit(`${what}: ${kind}.${part}`, 'parameters of the query are removed or set');
  const changes = {
    remove,
    ...(isHeader && { rename }),
    set: add,
    ...(isHeader && { add: append }),
  };
  const kept = Object.entries(changes).filter(
    ([, value]) => value !== undefined && Object.keys(value).length > 0,
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
};

/** `proxy-cache`, for GET. */
export const cacheOf: Reading = (draft, what, config) => {
  const seconds = Math.min(2_592_000, Math.max(1, Number(config['cache_ttl'] ?? 300)));
  draft.omit(
    `${what}: proxy-cache`,
    'what is stored, for whom and how long follows from the responses as well (docs/cache.md)',
  );
  const headers = textsIn(config['vary_headers']);
  if (headers.length > 0)
    draft.omit(
      `${what}: proxy-cache vary_headers`,
      'the Vary of the service counts — otherwise declare the parameters and write "vary: { headers }"',
    );
  return headers.length > 0 ? {} : { cache: { ttl: `${Math.round(seconds)}s` } };
};

/** `request-termination`: no request reaches the service. */
export const respondOf: Reading = (draft, what, config) => {
  const status = Number(config['status_code'] ?? 503);
  const body = textOf(config['body']);
  const type = textOf(config['content_type']);
  const isTemplate = [body, textOf(config['message'])].some((text) => /^\$[a-z]|\{\$/i.test(text));
  if (textOf(config['trigger']) !== '' || config['echo'] === true || isTemplate) {
    draft.omit(
      `${what}: request-termination`,
      'a response without an upstream is for all requests',
    );
    return {};
  }
  const message = { message: textOf(config['message'], 'Service unavailable') };
  const own =
    body === '' ? { body: message } : { body, ...(type && { headers: { 'content-type': type } }) };
  return { respond: { status, ...(status === 204 || status === 304 ? {} : own) } };
};

/** `redirect`. */
export const redirectOf: Reading = (draft, what, config) => {
  const location = textOf(config['location']);
  const status = Number(config['status_code'] ?? 301);
  if (config['keep_incoming_path'] === true || !/^https?:\/\/[\w.:-]+(\/[!-~]*)?$/.test(location)) {
    draft.omit(`${what}: redirect`, 'write "redirect" with a location (docs/contract.md)');
    return {};
  }
  return { redirect: { location, status } };
};
