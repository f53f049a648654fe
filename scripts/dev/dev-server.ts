import { rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createHttpServer } from '../../handler/src/server/http-server.ts';
import { createMemoryBuckets } from '../../handler/src/stores/buckets/memory-buckets.ts';
import { createMemoryIdempotency } from '../../handler/src/stores/idempotency/memory-idempotency.ts';
import { createMemoryQuotas } from '../../handler/src/stores/quotas/memory-quotas.ts';
import { createMemorySessionRegister } from '../../handler/src/stores/sessions/memory-session-register.ts';
import { createMemoryCredentials } from '../../handler/src/stores/credentials/memory-credentials.ts';
import { createMemorySessions } from '../../handler/src/stores/sessions/memory-sessions.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { workFolder } from '../stack/command-line/folders.ts';
import { assemble, type Assembled, type Resources } from './assemble.ts';
import type { ContractCompiler } from './contract-compiler.ts';
import { describeChange, describeProblems, describeStart } from './describe-start.ts';
import { createDevCredentials } from './dev-credentials.ts';
import { createDevIssuer } from './dev-issuer.ts';
import { createDevProvider } from './dev-provider.ts';
import { createDevSessions } from './dev-sessions.ts';
import { startMockUpstreams } from '../stack/mock-upstreams/mock-upstreams.ts';
import { readableLog } from './readable-log.ts';
import { watchFiles } from './watch-files.ts';

interface Options {
  readonly contractFile: string;
  /** 0: any free one. */
  readonly port: number;
  readonly compiler: Pick<ContractCompiler, 'compile'>;
  readonly variables: Resources['variables'];
  readonly print: (text: string) => void;
}

export interface DevServer {
  /** Resolves when the responses under way are sent. */
  close(): Promise<void>;
}

const graceMs = 10_000;

/**
 * Serves a contract on 127.0.0.1 and, after each change of its files or of `dev.yaml`, the new one if it has no problems.
 * Until there is a first one, requests wait. What the stores hold outlives a change. Throws a `CommandError` if the port
 * is taken.
 */
export const startDevServer = async (options: Options): Promise<DevServer> => {
  const { contractFile, port, compiler, variables, print } = options;
  const now = Date.now;
  let serveFirst: (first: Assembled) => void = () => undefined;
  const firstServed = new Promise<Assembled>((resolve) => (serveFirst = resolve));
  let served: Assembled | undefined;
  const server = createHttpServer({
    service: () => served ?? firstServed,
    now,
    onError: (error) => print(`A request failed in the development server:\n${stackOf(error)}`),
  });
  const url = await server.listen({ host: '127.0.0.1', port }).catch((error: unknown) => {
    throw portError(error, port);
  });
  const mocks = await startMockUpstreams();
  const sessions = createMemorySessions(now);
  const devSessions = createDevSessions({ sessions, now });
  const credentials = createMemoryCredentials();
  const resources: Resources = {
    devFile: join(dirname(contractFile), 'dev.yaml'),
    variables,
    signingSecret: devSessions.signingSecret,
    sessions,
    sessionRegister: createMemorySessionRegister(sessions, now),
    issuer: createDevIssuer(now),
    credentials,
    provider: createDevProvider(now),
    url,
    buckets: createMemoryBuckets(now),
    idempotency: createMemoryIdempotency(now),
    quotas: createMemoryQuotas(now),
    log: readableLog({ print, now }),
    now,
    mockUrl: (upstream) => mocks.url(upstream),
  };
  const folder = join(workFolder, 'dev', String(process.pid));
  const place = {
    url,
    devFile: relative(process.cwd(), resources.devFile),
    devSessions,
    issuer: resources.issuer,
    devCredentials: createDevCredentials({ credentials, now }),
  };
  let versions = 0;

  const load = async (): Promise<void> => {
    const startedAtMs = performance.now();
    const readAtMs = now();
    versions += 1;
    // Modules are cached by their path, and stay in memory: some 100 KB for each version of a usual contract.
    const outFolder = join(folder, String(versions));
    const compiled = await compiler.compile({ contractFile, outFolder });
    watch.set([...compiled.files, resources.devFile], readAtMs);
    const next = await assemble(compiled, join(outFolder, 'contract.js'), resources);
    if ('problems' in next) return print(describeProblems(next.problems, served !== undefined));
    mocks.serve(next.contract, next.openapi);
    const former = served;
    served = next;
    serveFirst(next);
    const ms = former === undefined ? performance.now() : performance.now() - startedAtMs;
    print(
      former === undefined
        ? await describeStart(next, { ...place, ms })
        : describeChange(former, next, ms),
    );
  };

  /** One after the other, and once more if something changed meanwhile. */
  let loading: Promise<void> | undefined;
  let isDue = false;
  const reload = (): void => {
    isDue = true;
    loading ??= (async () => {
      while (isDue) {
        isDue = false;
        await load().catch((error: unknown) => print(stackOf(error)));
      }
      loading = undefined;
    })();
  };
  const watch = watchFiles(reload);
  reload();

  return {
    close: async () => {
      watch.close();
      await server.close({ graceMs });
      mocks.close();
      resources.provider.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const stackOf = (error: unknown): string =>
  error instanceof Error ? String(error.stack) : String(error);

const portError = (error: unknown, port: number): unknown => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new CommandError(
      `port ${port} of 127.0.0.1 is taken; choose another one: make dev PORT=${port + 1}`,
    );
  if (code === 'EACCES')
    return new CommandError(
      `port ${port} needs privileges; choose one from 1024 on: make dev PORT=8787`,
    );
  return error;
};
