import type { HostileParts } from './hostile-event.ts';

/** The parts of a request that can contain a text. `token` is one of alice's, for routes that need one. */
export type Slot = (text: string, token: string) => HostileParts;

const json = { 'content-type': 'application/json' };
const post = { method: 'POST', path: '/public/x' };

export const pathSlots: Readonly<Record<string, Slot>> = {
  'a public path': (text) => ({ path: `/public/${text}` }),
  'a signed-in path': (text, token) => ({ path: `/signed/${text}`, token }),
  'the whole path': (text) => ({ path: `/${text}` }),
  'the middle of a path': (text, token) => ({ path: `/signed/a/${text}/b`, token }),
  'a rewritten segment': (text) => ({ path: `/one/${text}` }),
  'a wide path around a narrower one': (text) => ({ path: `/wide/${text}` }),
  'a path of a role that is missing': (text, token) => ({ path: `/admin/${text}`, token }),
};

export const querySlots: Readonly<Record<string, Slot>> = {
  'the query': (text) => ({ query: text }),
  'a query value': (text) => ({ query: `a=${text}&b=2` }),
  'a query name': (text) => ({ query: `${text}=1` }),
  'a query beside checked ones': (text) => ({ ...jsonPost('{}'), query: `page=1&${text}` }),
  'a checked query value': (text) => ({ ...jsonPost('{}'), query: `word=${text}&page=${text}` }),
};

export const headerSlots: Readonly<Record<string, Slot>> = {
  'a header value': (text) => ({ headers: { 'x-text': text } }),
  'a header name': (text) => ({ headers: { [text]: 'x' } }),
  'a checked header': (text) => ({ ...jsonPost('{}'), headers: { ...json, 'x-level': text } }),
  Authorization: (text) => ({ path: '/signed/x', headers: { authorization: text } }),
  'a bearer token': (text) => ({
    path: '/signed/x',
    headers: { authorization: `Bearer ${text}` },
  }),
  'Content-Type': (text) => ({
    method: 'POST',
    path: '/json',
    headers: { 'content-type': text },
    body: '{}',
  }),
  traces: (text) => ({
    headers: { traceparent: text, tracestate: text, 'x-amzn-trace-id': text },
  }),
  'Via and User-Agent': (text) => ({ headers: { via: text, 'user-agent': text } }),
  Connection: (text) => ({ headers: { connection: text, 'x-text': 'x' } }),
  Host: (text) => ({ headers: { host: text } }),
};

export const cookieSlots: Readonly<Record<string, Slot>> = {
  'a cookie': (text) => ({ cookies: [text] }),
  'a cookie value': (text) => ({ cookies: ['a=1', `b=${text}`] }),
  'the cookie header': (text) => ({ headers: { cookie: text } }),
  'the session cookie': (text) => ({ path: '/signed/x', cookies: [`session_token=${text}`] }),
  'the session cookie of a public route': (text) => ({ cookies: [`session_token=${text}`, 'a=1'] }),
  'the session cookie beside a token': (text, token) => ({
    path: '/signed/x',
    cookies: [` session_token =${text}`],
    token,
  }),
  'a checked cookie': (text) => ({ ...jsonPost('{}'), cookies: [`theme=${text}`] }),
};

export const bodySlots: Readonly<Record<string, Slot>> = {
  'a text body': (text) => ({ ...post, body: text }),
  'a binary body': (text) => ({ ...post, body: Buffer.from(text, 'utf16le') }),
  'a JSON body': (text) => jsonPost(text),
  'a JSON string': (text) => jsonPost(JSON.stringify({ text, mail: text, link: text, when: text })),
  'a JSON name': (text) => jsonPost(JSON.stringify({ [text]: text })),
};

export const methodSlots: Readonly<Record<string, Slot>> = {
  'the method': (text) => ({ method: text }),
};

const jsonPost = (body: string): HostileParts => ({
  method: 'POST',
  path: '/json',
  headers: json,
  body,
});

export const allSlots: Readonly<Record<string, Slot>> = {
  ...pathSlots,
  ...querySlots,
  ...headerSlots,
  ...cookieSlots,
  ...bodySlots,
};
