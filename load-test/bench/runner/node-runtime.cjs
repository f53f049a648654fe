'use strict';

/**
 * Lambda's runtime in small: loads a bundle, hands it events, says what that took. Plain CommonJS, as
 * anything more would be counted as the candidate's. Reports go to file descriptor 3, one JSON a line.
 *
 * node-runtime.cjs <bundle> <event file>            one event, then the end
 * node-runtime.cjs <bundle> <event file> <tokens>   then measures as told on standard input
 */
const startedAt = performance.now();
const { readFileSync, writeSync } = require('node:fs');

const [, , bundle, eventFile, tokensFile] = process.argv;
const report = (value) => writeSync(3, `${JSON.stringify(value)}\n`);

const loadedFrom = performance.now();
const { handler } = require(bundle);
const initMs = performance.now() - loadedFrom;

let calls = 0;
const contextFor = (requestId) => {
  const deadlineMs = Date.now() + 29_000;
  return {
    awsRequestId: requestId,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    memoryLimitInMB: '512',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:bench',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
};

const invoke = (template, token) => {
  calls += 1;
  const requestId = `bench-${String(calls).padStart(10, '0')}`; // As long as API Gateway's own.
  const event = {
    ...template,
    headers: { ...template.headers, authorization: `Bearer ${token}` },
    requestContext: { ...template.requestContext, requestId },
  };
  return handler(event, contextFor(requestId));
};

const check = (result, { status, length }) => {
  if (result.statusCode === status && (result.body ?? '').length === length) return;
  const got = `${result.statusCode} with ${(result.body ?? '').length} characters`;
  throw new Error(`${status} with ${length} were due, not ${got}: ${result.body?.slice(0, 300)}`);
};

const measure = async ({ event, token, tokens, count, restMs = 0, expected }) => {
  const latenciesMs = new Float64Array(count);
  const cpuBefore = process.cpuUsage();
  for (let index = 0; index < count; index += 1) {
    const calledMs = performance.now();
    const result = await invoke(event, token ?? tokens[calls % tokens.length]);
    latenciesMs[index] = performance.now() - calledMs;
    check(result, expected);
    if (restMs > 0) await new Promise((wake) => setTimeout(wake, restMs));
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const busyMs = latenciesMs.reduce((sum, ms) => sum + ms, 0);
  latenciesMs.sort();
  const percentile = (share) => latenciesMs[Math.min(count - 1, Math.floor(count * share))];
  return {
    cpuUs: (user + system) / count,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    requestsPerSecond: (count * 1000) / busyMs,
  };
};

const memory = () => {
  globalThis.gc();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed };
};

const copies = async ({ event, token, leastBytes }) => {
  const { countCopies } = require('./count-copies.cjs');
  return { bytesWritten: await countCopies(() => invoke(event, token), leastBytes) };
};

const modules = () => ({
  builtIn: process.moduleLoadList.length,
  files: Object.keys(require.cache).length,
});

const serve = async (tokens) => {
  for await (const line of require('node:readline').createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    try {
      if (command.kind === 'memory') report(memory());
      else if (command.kind === 'copies') report(await copies(command));
      else if (command.kind === 'body') report(await invoke(command.event, command.token));
      else report(await measure({ ...command, tokens }));
    } catch (error) {
      report({ error: error.stack });
    }
  }
};

const main = async () => {
  const { event, token, expected } = JSON.parse(readFileSync(eventFile, 'utf8'));
  check(await invoke(event, token), expected);
  report({ initMs, firstMs: performance.now() - startedAt, modules: modules() });
  if (tokensFile) await serve(JSON.parse(readFileSync(tokensFile, 'utf8')));
  process.exit(0);
};

main().catch((error) => {
  report({ error: error.stack });
  process.exit(1);
});
