import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Candidate } from '../../load-test/bench/candidates.ts';
import { createFixture } from '../../load-test/bench/fixture.ts';
import { benchFolder, workFolder } from '../../load-test/bench/folders.ts';
import { lambdaEnvironment } from '../../load-test/bench/lambda-environment.ts';
import { measureCommand } from '../../load-test/bench/measure/bench-run.ts';
import {
  type CandidateProcess,
  startCandidate,
} from '../../load-test/bench/measure/candidate-process.ts';
import { startStub, type Stub } from '../../load-test/bench/measure/stub-process.ts';
import { eventFor, firstWorkload, resultLength } from '../../load-test/bench/workloads.ts';
import { contract } from '../../handler/generated/contract.js';
import { buildPlaces } from './build-places.ts';
import { budgets } from './budgets.ts';
import { bundle } from './bundle.ts';
import { zip } from './zip.ts';

const requests = 1_000;

let folder: string;
let code: Uint8Array;
let stub: Stub;
let tokens: readonly string[];
let gateway: CandidateProcess;

/** The bundle as it is deployed, in a process of its own, with AWS and the upstream in another. */
beforeAll(async () => {
  mkdirSync(workFolder, { recursive: true });
  folder = mkdtempSync(join(workFolder, 'budgets-'));
  code = await bundle(buildPlaces);
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
  writeFileSync(join(folder, 'index.js'), code);
  const made = createFixture();
  tokens = made.tokens;
  stub = await startStub(made.fixture);
  gateway = await start(
    lambdaEnvironment(made.fixture, stub.ports, Object.keys(contract.upstreams)),
  );
}, 30_000);

afterAll(async () => {
  await gateway.stop();
  stub.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (environment: Record<string, string>): Promise<CandidateProcess> => {
  const [eventFile, tokensFile] = [join(folder, 'event.json'), join(folder, 'tokens.json')];
  const expected = { status: 200, length: resultLength(firstWorkload) };
  writeFileSync(
    eventFile,
    JSON.stringify({ event: eventFor(firstWorkload), token: tokens[0], expected }),
  );
  writeFileSync(tokensFile, JSON.stringify(tokens));
  const candidate: Candidate = {
    name: 'postern',
    title: 'Postern',
    kind: 'postern',
    command: [
      process.execPath,
      join(benchFolder, 'runner/node-runtime.cjs'),
      join(folder, 'index.js'),
    ],
    zipBytes: 0,
  };
  return startCandidate(candidate, {
    environment,
    eventFile,
    tokensFile,
    logFile: join(folder, 'log'),
  });
};

describe('the function, as built, stays within its budget of', () => {
  it('bytes in the zip', () => {
    expect(zip({ 'index.js': code }).length / 1_024).toBeLessThanOrEqual(budgets.zipKib);
  });

  it('modules loaded at start', () => {
    expect(gateway.started.modules.builtIn).toBeLessThanOrEqual(budgets.builtInModules);
    // The runner, which stands for Lambda's own, and the one bundle: nothing is left to be looked for beside it.
    expect(gateway.started.modules.files).toBe(2);
  });

  it('calls to DynamoDB for a signed-in request, and heap after many', async () => {
    await stub.observe();
    await gateway.ask(measureCommand(firstWorkload, requests));
    const { GetItem = 0, UpdateItem = 0, ...others } = (await stub.observe()).calls;
    expect(GetItem / requests).toBeLessThanOrEqual(budgets.dynamoDbReadsPerRequest);
    expect(UpdateItem / requests).toBeLessThanOrEqual(budgets.dynamoDbWritesPerRequest);
    expect(others).toEqual({});
    const { heapBytes } = await gateway.ask<{ heapBytes: number }>({ kind: 'memory' });
    expect(heapBytes / 1_048_576).toBeLessThanOrEqual(budgets.heapMibAfter1000Requests);
  });

  it('calls to DynamoDB for a forged token', async () => {
    const [head, claims] = (tokens[1] ?? '').split('.');
    const token = `${head}.${claims}.${'A'.repeat(43)}`;
    await stub.observe();
    const question = { kind: 'body', event: eventFor(firstWorkload), token };
    expect(await gateway.ask(question)).toMatchObject({ statusCode: 401 });
    expect(Object.keys((await stub.observe()).calls)).toHaveLength(
      budgets.dynamoDbCallsPerForgedToken,
    );
  });

  it('bytes in the log', () => {
    const log = readFileSync(join(folder, 'log'), 'utf8');
    const [metrics = '', ...others] = log.split('\n').map((line) => `${line}\n`);
    expect(metrics).toContain('{"_aws"');
    // The first request is alone in its second, as most are where little is going on, and its metrics have a line to themselves …
    expect(Buffer.byteLength(metrics)).toBeLessThanOrEqual(budgets.metricsBytes);
    const line = others.find((one) => one.includes(firstWorkload.path)) ?? '';
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(budgets.accessLogBytes);
    // … which all those of a busy second share.
    expect(Buffer.byteLength(log) / requests).toBeLessThanOrEqual(budgets.accessLogBytes);
  });
});
