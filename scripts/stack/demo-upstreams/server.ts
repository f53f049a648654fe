import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { diagnostics, type Misbehaviour } from './diagnostics.ts';
import type { DemoResponse, Received, Service } from './exchange.ts';

/**
 * One demo service over HTTP. Connections are kept alive for longer than any client keeps them. Its diagnostics are for
 * those alone who send the secret.
 */
export const demoServer = (name: string, service: Service, secret: string): Server => {
  const { respond: diagnose, onRequest } = diagnostics();
  const respond = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await receivedFrom(name, message);
    const refused = refusal(message, secret);
    if (refused !== undefined) return send(response, request, refused);
    const diagnosis = diagnose(request);
    if (diagnosis !== undefined) return send(response, request, diagnosis);
    const misbehaviour = onRequest(request);
    const regular = service(request) ?? nothingHere(request);
    if (misbehaviour === undefined) send(response, request, regular);
    else await misbehave(response, request, regular, misbehaviour);
  };
  const server = createServer({ keepAliveTimeout: 120_000 }, (message, response) => {
    respond(message, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  return server;
};

const receivedFrom = async (service: string, message: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const url = message.url ?? '/';
  const [path = '/', query = ''] = url.split(/\?(.*)/s, 2);
  return {
    service,
    method: message.method ?? 'GET',
    url,
    path,
    query: new URLSearchParams(query),
    rawHeaders: message.rawHeaders,
    body: Buffer.concat(chunks),
  };
};

const nothingHere = ({ service, path }: Received): DemoResponse => ({
  status: 404,
  body: { error: `The ${service} service has nothing at ${path}` },
});

const send = (response: ServerResponse, { service, method }: Received, due: DemoResponse): void => {
  response.statusCode = due.status;
  response.setHeader('x-demo-upstream', service);
  for (const [name, value] of Object.entries(due.headers ?? {})) response.setHeader(name, value);
  if (due.body === undefined) return void response.end();
  const isBytes = Buffer.isBuffer(due.body);
  const body = isBytes ? due.body : Buffer.from(`${JSON.stringify(due.body)}\n`);
  if (!response.hasHeader('content-type')) {
    response.setHeader('content-type', isBytes ? 'application/octet-stream' : 'application/json');
  }
  response.setHeader('content-length', body.length);
  response.end(method === 'HEAD' ? undefined : body);
};

const misbehave = async (
  response: ServerResponse,
  request: Received,
  regular: DemoResponse,
  { delayMs = 0, status, disconnect, headers, bodyBase64 }: Misbehaviour,
): Promise<void> => {
  await sleep(delayMs);
  if (disconnect === 'before') return void response.destroy();
  if (disconnect === 'within') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
    response.write('{"half":', () => response.destroy());
    return;
  }
  const body = bodyBase64 === undefined ? regular.body : Buffer.from(bodyBase64, 'base64');
  send(response, request, {
    status: status ?? regular.status,
    headers: { ...regular.headers, ...headers },
    ...(status === 204 || status === 304 ? {} : { body }),
  });
};

/** Of this machine: a page of a name that is made to resolve to 127.0.0.1 (DNS rebinding) sends that name. */
const loopbackHost = /^(?:(?:[\w-]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/** The response to a web page that calls a service directly; undefined for all other requests. */
const refusal = (
  { headers, url = '/' }: IncomingMessage,
  secret: string,
): DemoResponse | undefined => {
  if (!loopbackHost.test(headers.host ?? '')) return refused('the Host is not this machine’s');
  if (!url.startsWith('/__')) return undefined;
  const site = headers['sec-fetch-site'] ?? 'none';
  if (headers.origin !== undefined || site !== 'none') return refused('this is not for web pages');
  if (isBearer(headers.authorization, secret)) return undefined;
  return refused('the stack’s secret is missing (Authorization: Bearer …)');
};

const refused = (reason: string): DemoResponse => ({
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
