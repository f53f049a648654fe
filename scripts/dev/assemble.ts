import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ListedRoute } from '../../handler/compiler/list-routes.ts';
import type { Contract } from '../../handler/src/contract.ts';
import type { Gateway } from '../../handler/src/gateway.ts';
import type { CompiledContract } from '../../handler/src/parts.ts';
import type { CorsPolicy } from '../../handler/src/server/cross-origin.ts';
import type { Buckets } from '../../handler/src/stores/buckets/bucket-store.ts';
import type { SessionStore } from '../../handler/src/stores/sessions/session-store.ts';
import type { Log } from '../../handler/src/telemetry/logger.ts';
import { buildGateway, Misconfigured } from './build-gateway.ts';
import type { Compiled } from './compiler-thread.ts';
import { resolveCors } from './cors-values.ts';
import { type DevFile, readDevFile } from './dev-file.ts';
import { upstreamUrls } from './upstream-urls.ts';

/** What one process keeps while contracts come and go. */
export interface Resources {
  readonly devFile: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signingSecret: string;
  readonly sessions: SessionStore;
  readonly buckets: Buckets;
  readonly log: Log;
  readonly now: () => number;
  readonly mockUrl: (upstream: string) => URL;
}

export interface Assembled {
  readonly handler: Gateway;
  readonly cors: CorsPolicy | null;
  readonly contract: Contract;
  readonly openapi: object;
  readonly routes: readonly ListedRoute[];
  readonly warnings: readonly string[];
  /** Of the upstreams that are not mocked. */
  readonly urls: Readonly<Record<string, URL>>;
  readonly sessions: DevFile['sessions'];
}

export interface Refused {
  readonly problems: readonly string[];
}

/** A gateway for the compiled contract and for `dev.yaml` as it is now, or all problems of the first that has some. */
export const assemble = async (
  compiled: Compiled,
  /** The module of the compiled contract. */
  module: string,
  { devFile, variables, signingSecret, mockUrl, ...resources }: Resources,
): Promise<Assembled | Refused> => {
  if (!compiled.ok) return compiled;
  const { openapi, summary, routes, warnings } = compiled;
  const { upstreams } = summary;
  const reading = readDevFile(devFile, relative(process.cwd(), devFile), summary);
  if (!reading.ok) return reading;
  const { sessions, values, ...file } = reading.file;
  const { urls, problems } = upstreamUrls({ upstreams, urls: file.upstreams, variables });
  if (problems.length > 0) return { problems };
  const { policy, sessionOrigins } = resolveCors(summary['cors'] as CorsPolicy | null, values);
  const loaded = (await import(pathToFileURL(module).href)) as CompiledContract;
  try {
    const handler = buildGateway(loaded, {
      ...resources,
      urls: Object.fromEntries(upstreams.map((name) => [name, urls[name] ?? mockUrl(name)])),
      variables: {
        ...variables,
        GATEWAY_ALLOWED_ORIGINS: sessionOrigins.join(','),
        GATEWAY_TOKEN_SIGNING_SECRET: signingSecret,
      },
    });
    const { contract } = loaded;
    return { handler, cors: policy, contract, openapi, routes, warnings, urls, sessions };
  } catch (error) {
    if (error instanceof Misconfigured) return { problems: error.misconfigurations };
    throw error;
  }
};
