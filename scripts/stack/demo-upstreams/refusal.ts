import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Answer } from './exchange.ts';

/** Of this machine: a page of a name that is made to resolve to 127.0.0.1 (DNS rebinding) sends that name. */
const loopbackHost = /^(?:(?:[\w-]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/** What a service answers to a web page that calls it past the gateway; undefined for all else. */
export const refusal = (
  { headers, url = '/' }: IncomingMessage,
  secret: string,
): Answer | undefined => {
  if (!loopbackHost.test(headers.host ?? '')) return refused('the Host is not this machine’s');
  if (!url.startsWith('/__')) return undefined;
  const site = headers['sec-fetch-site'] ?? 'none';
  if (headers.origin !== undefined || site !== 'none') return refused('this is not for web pages');
  if (isBearer(headers.authorization, secret)) return undefined;
  return refused('the stack’s secret is missing (Authorization: Bearer …)');
};

const refused = (reason: string): Answer => ({
  status: 403,
  body: { error: `Refused: ${reason}` },
});

const isBearer = (authorization: string | undefined, secret: string): boolean => {
  const [given, wanted] = [authorization ?? '', `Bearer ${secret}`].map((text) =>
    Buffer.from(text),
  );
  if (given === undefined || wanted === undefined || secret === '') return false;
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};
