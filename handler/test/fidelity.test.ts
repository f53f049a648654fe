import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { differencesOf, type Place, type Returned } from '../testing/fidelity/differences.ts';
import type { Sent } from '../testing/fidelity/fidelity-case.ts';
import { fidelityCases } from '../testing/fidelity/fidelity-cases.ts';
import {
  type RecordingService,
  startRecordingService,
} from '../testing/fidelity/recording-service.ts';
import { deployOpenGateway, type FurtherDeployment } from './further-deployment.ts';
import { signIn, someone } from './stack.ts';

const userId = someone();
let service: RecordingService;
let gateway: FurtherDeployment;
let token: string;
let place: Place;

beforeAll(async () => {
  service = await startRecordingService();
  gateway = await deployOpenGateway(service.url);
  token = await signIn(['user'], { userId });
  const basePath = new URL(gateway.baseUrl).pathname;
  place = { serviceHost: service.url.host, clientIp: '127.0.0.1', userId, basePath, added };
}, 60_000);
afterAll(async () => {
  await gateway?.remove();
  await service?.close();
});

/** By API Gateway itself, or by the emulator. */
const added = new Set([
  'apigw-requestid',
  'connection',
  'content-length',
  'content-type',
  'date',
  'server',
]);

/** The bytes of a case, without additions of a client library. */
const send = ({
  method = 'GET',
  target,
  headers = [],
  body,
  isSignedIn,
}: Sent): Promise<Returned> =>
  new Promise((resolve, reject) => {
    const { host, hostname, port, pathname } = new URL(gateway.baseUrl);
    const lines = [
      ['host', host],
      ...headers,
      ...(isSignedIn ? [['authorization', `Bearer ${token}`]] : []),
      ...(body ? [['content-length', String(body.length)]] : []),
    ];
    const outgoing = request({
      hostname,
      port,
      method,
      path: `${pathname}${target}`,
      headers: lines.flat(),
      setDefaultHeaders: false,
      agent: false,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { 'set-cookie': cookies = [], ...others } = response.headers;
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(others).map(([name, value]) => [name, String(value)]),
          ),
          cookies,
          body: Buffer.concat(chunks),
        });
        outgoing.destroy();
      });
      response.on('error', reject);
    });
    outgoing.end(body);
  });

const shown = fidelityCases.filter(({ notOnStack }) => notOnStack === undefined);
const notShown = fidelityCases.filter(({ notOnStack }) => notOnStack !== undefined);

describe('through the deployed stack', () => {
  it.each(shown.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    const { received, result } = await service.during(row.response, () => send(row.sent));
    expect(differencesOf(row, { received, returned: result }, place)).toEqual([]);
  });

  it.skip.each(notShown.map(({ name, notOnStack }) => [name, notOnStack] as const))(
    '%s: %s',
    () => undefined,
  );

  it(`shows all rows but ${notShown.length}`, () => {
    expect(notShown.length).toBeLessThanOrEqual(10);
  });
});
