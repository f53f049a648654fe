import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFixture } from '../../../load-test/bench/fixture.ts';
import { workFolder } from '../../../load-test/bench/folders.ts';
import { lambdaEnvironment } from '../../../load-test/bench/lambda-environment.ts';
import { measureCommand, startWarm } from '../../../load-test/bench/measure/bench-run.ts';
import type { CandidateProcess } from '../../../load-test/bench/measure/candidate-process.ts';
import { startStub, type Stub } from '../../../load-test/bench/measure/stub-process.ts';
import { posternIn } from '../../../load-test/bench/prepare/postern.ts';
import { eventFor, type Task } from '../../../load-test/bench/workloads.ts';
import { contract, features } from '../../../handler/generated/example/contract.js';
import perRequest from '../../operations/cost/per-request.json' with { type: 'json' };
import { examplePlaces } from '../../stack/build/build-places.ts';
import { bundle, zip } from '../../stack/build/build-zip.ts';

/**
 * Size limits of the function, in addition to the effects of a request (`scripts/operations/cost/per-request.json`).
 * Counted, not timed, so that tests are stable on any machine; `make bench` measures times. A change that needs more
 * raises the figure and explains it.
 */
const budgets = {
  /** Of the example contract: 49.9 when this was set. */
  zipKib: 50,
  /** Node's own modules loaded by the first response: 178, of which an empty handler has 108. */
  builtInModules: 180,
  dynamoDbCallsPerForgedToken: 0,
  /** CloudWatch bills logs by the byte: on a busy second, a request's line and its share of the metrics. */
  logBytesPerRequest: 384,
  /** After a collection: 7.9, of which Node's own and the runtime's are 4.3. */
  heapMibAfter1000Requests: 9,
} as const;

const requests = 1_000;
/** A list of users, as large as the stub reads off the end of the URL. */
const users: Task = {
  method: 'GET',
  path: '/api/v1/users',
  query: 'as=/t1024',
  expected: { status: 200, length: 1_024 },
};

let folder: string;
let code: Uint8Array;
let stub: Stub;
let tokens: readonly string[];
let gateway: CandidateProcess;

/** The bundle as deployed, in a separate process, with AWS and the upstream in another. */
beforeAll(async () => {
  mkdirSync(workFolder, { recursive: true });
  folder = mkdtempSync(join(workFolder, 'budgets-'));
  code = await bundle(examplePlaces, {
    awsClient: 'postern',
    switchedOn: [],
    features: Object.keys(features),
  });
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
  writeFileSync(join(folder, 'index.js'), code);
  const made = createFixture();
  tokens = made.tokens;
  const tokensFile = join(folder, 'tokens.json');
  writeFileSync(tokensFile, JSON.stringify(tokens));
  stub = await startStub(made.fixture);
  const environment = {
    ...lambdaEnvironment(made.fixture, stub.ports, Object.keys(contract.upstreams)),
    GATEWAY_NAME: 'postern-dev',
    GATEWAY_ENV: 'dev',
  };
  const run = { environment, tokens, tokensFile };
  gateway = await startWarm(run, posternIn(folder, 0), users, join(folder, 'log'));
}, 30_000);

afterAll(async () => {
  // Where one did not start, the others still end.
  await (gateway as CandidateProcess | undefined)?.stop();
  (stub as Stub | undefined)?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** CloudWatch bills each line with its end. */
const readLog = (): readonly string[] =>
  readFileSync(join(folder, 'log'), 'utf8')
    .split('\n')
    .map((line) => `${line}\n`);
const bytesOf = (lines: readonly string[]): number => Buffer.byteLength(lines.join(''));

describe('the function, as built, stays within its budget of', () => {
  it('bytes in the zip', async () => {
    const published = readFileSync(join(examplePlaces.generatedFolder, 'openapi.br'));
    const { length } = await zip({ 'index.js': code, 'openapi.br': published });
    expect(length / 1_024).toBeLessThanOrEqual(budgets.zipKib);
  });

  it('modules loaded at start', () => {
    expect(gateway.started.modules.builtIn).toBeLessThanOrEqual(budgets.builtInModules);
    // The runner, which replaces Lambda's own, and the single bundle: no other file is read.
    expect(gateway.started.modules.files).toBe(2);
  });

  it('calls to DynamoDB for a forged token', async () => {
    const [head, claims] = (tokens[1] ?? '').split('.');
    const token = `${head}.${claims}.${'A'.repeat(43)}`;
    await stub.observe();
    const question = { kind: 'body', event: eventFor(users), token };
    expect(await gateway.request(question)).toMatchObject({ statusCode: 401 });
    expect(Object.keys((await stub.observe()).calls)).toHaveLength(
      budgets.dynamoDbCallsPerForgedToken,
    );
  });
});

describe('a signed-in request costs', () => {
  it('the calls to DynamoDB that the estimate assumes, and keeps no heap', async () => {
    await stub.observe();
    await gateway.request(measureCommand(users, requests));
    const { GetItem = 0, UpdateItem = 0, ...others } = (await stub.observe()).calls;
    expect(GetItem / requests).toBe(perRequest.sessionReads);
    expect(UpdateItem / requests).toBe(perRequest.limiterWrites);
    expect(others).toEqual({});
    const { heapBytes } = await gateway.request<{ heapBytes: number }>({ kind: 'memory' });
    expect(heapBytes / 1_048_576).toBeLessThanOrEqual(budgets.heapMibAfter1000Requests);
  }, 60_000);

  it('no more than the line in the log that the estimate assumes, and not a quarter less', () => {
    const lines = readLog().filter((line) => line.includes('"status_code":200'));
    expect(lines).toHaveLength(requests + 1);
    expect(bytesOf(lines) / lines.length).toBeLessThanOrEqual(perRequest.accessLineBytes);
    expect(bytesOf(lines) / lines.length).toBeGreaterThan(perRequest.accessLineBytes * 0.75);
  });

  // The first request is alone in its second, as most are where little is going on, and its metrics have a line to themselves …
  it('no more than the line of metrics that the estimate assumes, and not a quarter less', () => {
    const [metrics = ''] = readLog().filter((line) => line.includes('"UpstreamLatency"'));
    expect(bytesOf([metrics])).toBeLessThanOrEqual(perRequest.metricsLineBytes);
    expect(bytesOf([metrics])).toBeGreaterThan(perRequest.metricsLineBytes * 0.75);
  });

  // … which all those of a busy second share.
  it('bytes in the log within the budget, with its share of the metrics', () => {
    expect(bytesOf(readLog()) / requests).toBeLessThanOrEqual(budgets.logBytesPerRequest);
  });
});
