import type { Effort } from '../measure/bench-run.ts';
import { asMarkdown, type Table } from './tables.ts';

/** `docs/performance.md`: the chart, the tables and what exactly was measured. */
export const pageOf = (tables: readonly Table[], effort: Effort, place: string): string =>
  [
    '# Performance',
    `Measured by \`make bench\` on ${place}. Figures are medians, the quarters in brackets.`,
    '![The same work, side by side](bench.svg)',
    ...tables.map(asMarkdown),
    '![What grows, and what stays](growth.svg)',
    '## What was measured',
    [
      '- Everyone does the same work: verify a session token (HS256), read the session from DynamoDB, count the request against a limit shared in DynamoDB, forward it, log one JSON line. Before anything is timed, the bench checks that the same bytes go out and come back, that a forged token is refused without a call to DynamoDB, and how many calls and log bytes a request causes.',
      '- Node is started with the arguments that Lambda’s bootstrap gives it for a function of 512 MB, by which V8 sizes its heap, and everyone with the C library’s settings that Postern’s Terraform gives (`handler/runtime-environment.json`).',
      '- The floor is a handler that does nothing, for cold starts, and one request over a kept-alive `node:http` connection, for warm ones.',
      '- Hono uses `hono/aws-lambda`, `hono/proxy`, jose and pino; Express uses `@codegenie/serverless-express`, http-proxy-middleware, jsonwebtoken and pino; Fastify uses `@fastify/aws-lambda`, `@fastify/http-proxy`, `@fastify/jwt` and its own logger; all three use the DynamoDB document client and one unconditional UpdateItem as the limiter, the cheapest there is, and are bundled by esbuild, minified. FastAPI runs behind Mangum with boto3, PyJWT and httpx. Their sources are in `load-test/bench/peers/`.',
      '- DynamoDB, Secrets Manager and the upstream are HTTP servers in one other process on the loopback interface. It verifies every signature, evaluates conditions and adds no latency. Everyone fetches the signing secret from Secrets Manager as it starts.',
      `- Cold: a fresh process, from its start to its first answer, ${effort.coldRounds} rounds that alternate between all. On Lambda the download of the zip comes on top.`,
      `- Warm: one request at a time, as Lambda sends them, by ${effort.warmRounds} alternating rounds after ${effort.warmUpRequests.toLocaleString('en')} requests of 1 KB and a round’s of each kind; 512 users take turns, so that Postern has seen their tokens before; what the first sight of one costs it once is in the last table. CPU is user and system time of the handler's process. Ratios are taken within a round. After each request the process rests for 2 ms, as an environment sleeps until Lambda sends the next; back to back, where it never sleeps, the floor's own request costs a fifth to a third of that, and the ratio to it is two to three times as high. Both are in the table.`,
      `- 1 MB is a download, as JSON (text in Lambda’s answer) and as binary (base64), and an upload of a picture (base64 in the event; its route has no schema, so that nobody parses it); the goal counts one of each, together. A round has ${effort.requestsPerRound.json_1mb} of each, as V8 collects garbage once in 20 to 60 of them: in a round of 40 it did so never, once or twice.`,
      '- Routes, clients and environments grow in parts of the gateway taken alone: the matcher, the limiter over a table that answers at once, and the limiter in simulated time with clocks up to 20 ms apart and a network of 1 to 5 ms each way. A hot tenant makes 1,000 requests/s within its limit; a user 10 × over its limit of 500 per 60 s makes 83. One environment remembers 10,000 clients at most and forgets the rest. Copies are how often the bytes of the body are written anew: put together from the chunks they came in, and turned into text. A hot tenant is leased to environments that see 35 or more of its requests a second, so that 20 share 1,000 a second cheaply and 50 do not.',
    ].join('\n'),
    '## What was tried and left out',
    [
      '- A V8 code cache in the zip: a tenth less CPU for a cold start where V8 takes it (57 ms in place of 63, with 20 for a handler that does nothing). It takes it only from the very build of V8, and for the very kind of processor, that it runs on: one made on an x64 machine is 190 KB of dead weight for a function on arm64. And no two builds of it have the same bytes, so the zip could not be compared with its source.',
      '- Writing the log past Powertools’ console: 2 % less CPU a request, and a closed pipe would have ended the process.',
      '- Fresh memory for each large body: a page fault every 4 KB, and a collection every dozen requests. In runs of the two alone, 1 MB of JSON cost 1.9 times the floor with it and 1.3 without. It is kept for the next body instead, and moved away from under whoever still holds the last one, who finds it empty.',
      '- Giving memory back between large bodies: the C library does so once twice the largest piece that was freed is free at its heap’s end, and the kernel has to clear it anew for the next body, page by page. With `glibc.malloc.trim_threshold` at 64 MB it is kept: 1 MB costs an eighth less, 9 to 16 % by the means of three runs side by side. The most that is ever taken stays the same, at a function’s 256 MB 180 with bodies of 1 MB and 196 with 6. At 32 MB it was given back now and then. `mmap_threshold` is set beside it, above the largest body, as either one ends the C library’s own adjusting of both.',
      '- Fewer full collections by `--heap-growing-percent`: a tenth less CPU for 1 MB, and a flag that Node promises nothing for once V8 runs. Lambda’s own command line outdoes the flags in `NODE_OPTIONS`.',
    ].join('\n'),
    '',
  ].join('\n\n');
