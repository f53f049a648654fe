import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ListedRoute } from '../../handler/compiler/list-routes.ts';
import type { Permission } from '../../handler/compiler/permissions.ts';
import type { Contract } from '../../handler/src/contract.ts';
import { valueVariable } from '../../handler/src/contract-values.ts';
import type { SettingsReader } from '../../handler/src/environment.ts';
import type { Gateway } from '../../handler/src/gateway.ts';
import type { CompiledContract } from '../../handler/src/parts.ts';
import type { CorsPolicy } from '../../handler/src/features/cors/cors-policy.ts';
import type { ApiKeyPolicy } from '../../handler/src/sign-in/api-key/policy.ts';
import type { BrowserPolicy } from '../../handler/src/sign-in/browser/policy.ts';
import { readSettings } from '../../handler/src/sign-in/jwt/settings.ts';
import type { TokenPolicy } from '../../handler/src/sign-in/jwt/policy.ts';
import type { Buckets } from '../../handler/src/stores/buckets/bucket-store.ts';
import type { MemoryCredentials } from '../../handler/src/stores/credentials/memory-credentials.ts';
import { rememberCredentials } from '../../handler/src/stores/credentials/remember-credentials.ts';
import type { IdempotencyStore } from '../../handler/src/stores/idempotency/idempotency-store.ts';
import type { SessionRegister } from '../../handler/src/stores/sessions/session-register.ts';
import type { Quotas } from '../../handler/src/stores/quotas/quota.ts';
import type { SessionStore } from '../../handler/src/stores/sessions/session-store.ts';
import type { Log } from '../../handler/src/telemetry/logger.ts';
import { awsOverHttp } from './aws-over-http.ts';
import { buildGateway, Misconfigured } from './build-gateway.ts';
import type { Compiled } from './compiler-thread.ts';
import { resolveCors } from './cors-values.ts';
import { namesFor } from './describe-start.ts';
import type { DevIssuer } from './dev-issuer.ts';
import type { DevProvider } from './dev-provider.ts';
import { type DevSecret, devSecrets } from './dev-secrets.ts';
import { type DevFile, readDevFile } from './dev-file.ts';
import { upstreamUrls } from './upstream-urls.ts';
import { withoutApiGateway } from './without-api-gateway.ts';

/** What one process keeps while contracts come and go. */
export interface Resources {
  readonly devFile: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signingSecret: string;
  readonly sessions: SessionStore;
  readonly sessionRegister: SessionRegister;
  readonly issuer: DevIssuer;
  readonly credentials: MemoryCredentials;
  readonly provider: DevProvider;
  /** Of the server. */
  readonly url: URL;
  readonly buckets: Buckets;
  readonly idempotency: IdempotencyStore;
  readonly quotas: Quotas;
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
  readonly plans: DevFile['plans'];
  /** Of the contract. */
  readonly planNames: readonly string[];
  /** Of the security schemes for access tokens, with the values of `dev.yaml`. */
  readonly accessTokens: readonly TokenPolicy[];
  /** Of the security schemes for API keys, each with its sign-in method. */
  readonly apiKeys: readonly MethodPolicy[];
  /** Which the contract refers to by values, with those of `dev.yaml`. */
  readonly secrets: readonly DevSecret[];
}

type MethodPolicy = ApiKeyPolicy & { readonly method: string };

export interface Refused {
  readonly problems: readonly string[];
}

/** A gateway for the compiled contract and for `dev.yaml` as it is now, or all problems of the first that has some. */
export const assemble = async (
  compiled: Compiled,
  /** The module of the compiled contract. */
  module: string,
  { devFile, variables, signingSecret, mockUrl, issuer, provider, url, ...resources }: Resources,
): Promise<Assembled | Refused> => {
  if (!compiled.ok) return compiled;
  const { openapi, summary, routes, warnings } = compiled;
  const { upstreams } = summary;
  const planNames = Object.keys(summary['plans'] ?? {});
  const known = { upstreams, values: summary.values, plans: planNames };
  const reading = readDevFile(devFile, relative(process.cwd(), devFile), known);
  if (!reading.ok) return reading;
  const { sessions, plans, values, ...file } = reading.file;
  const { urls, problems } = upstreamUrls({ upstreams, urls: file.upstreams, variables });
  if (problems.length > 0) return { problems };
  const cors = resolveCors(summary, values);
  const secrets = devSecrets((summary['permissions'] ?? []) as readonly Permission[], values);
  const signIn = summary['browser_sign_in'] as BrowserPolicy | undefined;
  const users = sessions ?? { alice: namesFor('session', routes) };
  const given = Object.fromEntries(
    [
      ...summary.values.map((name) => [name, values[name] ?? `https://${name}.invalid`] as const),
      ...secrets.map(({ value, arn }) => [value, arn] as const),
      ...(signIn === undefined
        ? []
        : await valuesOfSignIn(signIn, { values, provider, users, url })),
    ].map(([name, value]) => [valueVariable(name), value]),
  );
  const accessTokens = ((summary['access_tokens'] ?? []) as readonly TokenPolicy[]).map((policy) =>
    withValues(policy, given),
  );
  issuer.prepare(accessTokens);
  const imported = (await import(pathToFileURL(module).href)) as CompiledContract;
  const loaded = withoutApiGateway(awsOverHttp(imported));
  try {
    const handler = buildGateway(loaded, {
      ...resources,
      issuerKeys: issuer.store,
      secrets,
      credentials: rememberCredentials(resources.credentials, resources),
      urls: Object.fromEntries(upstreams.map((name) => [name, urls[name] ?? mockUrl(name)])),
      variables: {
        ...variables,
        ...given,
        ...Object.fromEntries(
          Object.entries(cors.values).map(([name, value]) => [valueVariable(name), value]),
        ),
        // The server has no TLS: its own pages are at origins that a deployed gateway does not have.
        GATEWAY_ALLOWED_ORIGINS: [
          ...cors.sessionOrigins,
          url.origin,
          url.origin.replace('127.0.0.1', 'localhost'),
        ].join(','),
        GATEWAY_TOKEN_SIGNING_SECRET: signingSecret,
      },
    });
    const { contract } = loaded;
    return {
      handler,
      cors: cors.policy,
      contract,
      openapi,
      routes,
      warnings,
      urls,
      sessions,
      plans,
      planNames,
      accessTokens,
      apiKeys: (summary['api_keys'] ?? []) as readonly MethodPolicy[],
      secrets,
    };
  } catch (error) {
    if (error instanceof Misconfigured) return { problems: error.misconfigurations };
    throw error;
  }
};

/** A provider of its own, unless `dev.yaml` or the contract names one, and the server's own address. */
const valuesOfSignIn = async (
  policy: BrowserPolicy,
  {
    values,
    provider,
    users,
    url,
  }: Pick<DevFile, 'values'> & Pick<Resources, 'provider' | 'url'> & { readonly users: Users },
): Promise<ReadonlyArray<readonly [name: string, value: string]>> => {
  const absent = (text: string | undefined): string | undefined => {
    const [, name] = /^\$\{(\w+)\}$/.exec(text ?? '') ?? [];
    return name === undefined || name in values ? undefined : name;
  };
  const [issuer, baseUrl] = [absent(policy.issuer), absent(policy.baseUrl)];
  return [
    ...(issuer === undefined ? [] : [[issuer, await provider.serve(policy, users)] as const]),
    ...(baseUrl === undefined ? [] : [[baseUrl, url.origin] as const]),
  ];
};

type Users = NonNullable<DevFile['sessions']>;

/** Values that make no URL are reported when the gateway is built. */
const withValues = (
  policy: TokenPolicy,
  variables: Readonly<Record<string, string>>,
): TokenPolicy => {
  const read = ((name: string) => variables[name] ?? '') as SettingsReader['read'];
  return readSettings(policy, { variables, read, misconfigurations: [] }).policy;
};
