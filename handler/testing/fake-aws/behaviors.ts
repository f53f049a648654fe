import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsRequest } from './fake-aws.ts';

/** The fake AWS's behavior for one request. */
export type Behavior = (response: ServerResponse, request: AwsRequest) => void | Promise<void>;

export const respondWith =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(text),
      ...headers,
    });
    response.end(text);
  };

export const ok = (body: unknown): Behavior => respondWith(200, body);

/** An error in the form of AWS's JSON protocols. */
export const refuseWith = (
  code: string,
  fields: Readonly<Record<string, unknown>> = {},
  status = 400,
): Behavior =>
  respondWith(status, { __type: `com.amazonaws.dynamodb.v20120810#${code}`, ...fields });

/** Accepts the request and never responds. */
export const hang: Behavior = () => undefined;

export const reset: Behavior = (response) => void response.socket?.resetAndDestroy();

/** Declares more bytes than it sends. */
export const truncate: Behavior = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"Item":', () => response.socket?.destroy());
};

/** Sends a valid response, one byte at a time. */
export const drip =
  (body: string, pauseMs: number): Behavior =>
  async (response) => {
    response.writeHead(200, { 'content-length': String(body.length) });
    for (const byte of body) {
      if (response.destroyed) return;
      response.write(byte);
      await sleep(pauseMs, undefined, { ref: false });
    }
    response.end();
  };

/** Responds after a while as another behavior does. */
export const late =
  (pauseMs: number, behavior: Behavior): Behavior =>
  async (response, request) => {
    await sleep(pauseMs, undefined, { ref: false });
    await behavior(response, request);
  };

/** Refuses signatures with a wrong time, as AWS does, and sends its own time. */
export const atServerTime =
  (serverMs: () => number, behavior: Behavior): Behavior =>
  (response, request) => {
    response.setHeader('date', new Date(serverMs()).toUTCString());
    const signedMs = Date.parse(
      String(request.headers['x-amz-date']).replace(
        /(....)(..)(..)T(..)(..)(..)Z/,
        '$1-$2-$3T$4:$5:$6Z',
      ),
    );
    if (Math.abs(signedMs - serverMs()) <= 5 * 60_000) return behavior(response, request);
    const message = 'Signature expired';
    return refuseWith('InvalidSignatureException', { message })(response, request);
  };
