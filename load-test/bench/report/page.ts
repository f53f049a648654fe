import { pythonWarmUp } from '../measure/warm.ts';
import type { Effort } from '../measure/bench-run.ts';
import { asMarkdown, type Table } from './tables.ts';

/** `docs/performance.md`: the chart, the tables and the exact method. */
export const pageOf = (tables: readonly Table[], effort: Effort, place: string): string =>
  [
    '# Performance',
    `Measured by \`make bench\` on ${place}. Figures are medians, the quartiles in brackets.`,
    '![The same work, side by side](bench.svg)',
    ...tables.map(asMarkdown),
    '![What grows, and what stays](growth.svg)',
    '## The client for AWS',
    'Postern calls DynamoDB and Secrets Manager through a small client of its own, which costs 3 KB of zip but is code of this project: retries, signing and timeouts are its own, tested against the SDK’s behavior. `AWS_CLIENT=sdk make build` (or `deploy`, `release`) builds with `@aws-sdk/client-dynamodb` and `@aws-sdk/client-secrets-manager` instead, which costs about 90 KiB of zip, twice the cold start and twice the CPU of a signed-in request, and is maintained by AWS. To keep the choice, write `"postern": { "awsClient": "sdk" }` into `package.json`; the environment variable takes precedence. Both clients pass the same tests, and a zip holds only one of them.',
    '## What was measured',
    [
      '- **The same work for all**: verify a session token (HS256), read the session from DynamoDB, count the request against a limit shared in DynamoDB, forward it, log one JSON line. Before anything is timed, the bench checks that the same bytes go out and come back, that a forged token is refused without a call to DynamoDB, and how many calls and log bytes a request causes.',
      '- **Node** is started with the arguments that Lambda’s bootstrap uses for a function of 512 MB, which determine the size of V8’s heap. All use the settings of the C library that Postern’s Terraform sets (`terraform/modules/gateway/runtime-environment.json`).',
      '- **The floor** is a handler that does nothing, for cold starts, and one request over a kept-alive `node:http` connection, for warm ones.',
      '- **The peers**: Hono uses `hono/aws-lambda`, `hono/proxy`, jose and pino; Express uses `@codegenie/serverless-express`, http-proxy-middleware, jsonwebtoken and pino; Fastify uses `@fastify/aws-lambda`, `@fastify/http-proxy`, `@fastify/jwt` and its own logger. All three use the DynamoDB document client and one unconditional UpdateItem as the limiter, the cheapest one there is, and are bundled by esbuild, minified. FastAPI runs behind Mangum with boto3, PyJWT and httpx. Their sources are in `load-test/bench/peers/`.',
      '- **DynamoDB, Secrets Manager and the upstream** are HTTP servers in one other process on the loopback interface. This process verifies every signature, evaluates conditions and adds no latency. All fetch the signing secret from Secrets Manager when they start.',
      `- **Cold**: a new process, from its start to its first response, in ${effort.coldRounds} rounds that alternate between all. On Lambda, the download of the zip is added.`,
      `- **Warm**: one request at a time, as Lambda sends them, in ${effort.warmRounds} rounds, each with a new process of everyone after ${effort.warmUpRequests.toLocaleString('en')} requests of 1 KB (FastAPI: ${pythonWarmUp}, Python has no compiler to warm up) and one round of each kind; within a round all take turns. New processes, because two of the same code differ by up to 15 %. 512 users take turns, so Postern has seen their tokens before; the last table has the cost of the first request of a user. CPU is user and system time of the handler's process. Ratios are computed within a round. After each request the process waits for 2 ms, as an execution environment sleeps until Lambda sends the next request. Back to back, without this wait, the floor’s own request costs a fifth to a third, and the ratio to it is two to three times as high. Both are in the table.`,
      `- **1 MB** is a download, as JSON (text in Lambda’s result) and as binary (base64), and an upload of a picture (base64 in the event; its route has no schema, so nobody parses it). The goal counts one of each, together. A round has ${effort.requestsPerRound.json_1mb} of each, because V8 collects garbage once in 20 to 60 of them: in a round of 40, it did so never, once or twice.`,
      '- **Growth** of routes, clients and execution environments is measured in parts of the gateway: the matcher, the limiter with a table that responds at once, and the limiter in simulated time with clocks up to 20 ms apart and a network of 1 to 5 ms each way. A hot tenant sends 1,000 requests/s within its limit; a user 10 × over its limit of 500 per 60 s sends 83. One execution environment remembers at most 10,000 clients and forgets the others. *Copies* are how often the bytes of the body are written again: when chunks are joined, and when they become text. Execution environments that see 35 or more requests a second of a hot tenant lease a part of its limit, so 20 of them share 1,000 a second cheaply and 50 do not.',
    ].join('\n'),
    '## What was tried and left out',
    [
      '- **A V8 code cache in the zip**: 10 % less CPU for a cold start where V8 accepts it (57 ms instead of 63, with 20 for a handler that does nothing). V8 accepts it only if it was made by exactly the same build of V8 on the same kind of processor: one made on an x64 machine is 190 KB of dead weight for a function on arm64. Also, no two builds of it have the same bytes, so the zip could not be compared with its source.',
      '- **Writing the log without Powertools’ console**: 2 % less CPU a request, but a closed pipe would have ended the process.',
      '- **New memory for each large body**: a page fault every 4 KB, and a garbage collection every dozen requests. In runs of the two alone, 1 MB of JSON cost 1.9 times the floor with it and 1.3 without. The memory is kept for the next body instead; anyone who still holds the last body finds it empty.',
      '- **Giving memory back between large bodies**: the C library does so when twice the size of the largest freed piece is free at the end of its heap, and the kernel then has to clear it again for the next body, page by page. With `glibc.malloc.trim_threshold` at 64 MB it is kept: 1 MB costs an eighth less, 9 to 16 % by the means of three runs side by side. The maximum memory stays the same: with a function of 256 MB, 180 with bodies of 1 MB and 196 with bodies of 6 MB. At 32 MB, it was still given back from time to time. `mmap_threshold` is set as well, above the largest body, because setting either one ends the C library’s own adjustment of both.',
      '- **Fewer full collections by `--heap-growing-percent`**: 10 % less CPU for 1 MB, but Node does not support changing this flag after V8 has started, and Lambda’s own command line overrides the flags in `NODE_OPTIONS`.',
    ].join('\n'),
    '',
  ].join('\n\n');
