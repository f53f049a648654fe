import type { AwsCredentials } from './aws/signature-v4.ts';
import type { UpstreamPolicy } from './contract.ts';
import type { ProxySettings } from './features/trusted-proxy/proxy-settings.ts';
import { defaultTypeBase } from './http/problem-details.ts';
import type { SignIn, SignInMethods, SignInTools } from './middleware.ts';

/** The environment variables of the function, read and checked. */
export interface Settings {
  /** The stack's name, such as `postern-dev`. */
  readonly gatewayName: string;
  readonly environment: string;
  readonly logLevel: LogLevel;
  /** Share of requests with a status below 400 that are logged. All others are always logged. */
  readonly logSampleRate: number;
  /** Differs from that of every other gateway: the secret's ARN ends in random characters from Secrets Manager. */
  readonly identity: readonly string[];
  /** The sign-in methods of the contract, each with its settings. */
  readonly signIn: Readonly<Record<string, (tools: SignInTools) => SignIn>>;
  readonly rateLimitTableName: string;
  /** The proxy that all requests must come through. Undefined: there is none. */
  readonly trustedProxy: ProxySettings | undefined;
  readonly upstreamUrls: Readonly<Record<string, URL>>;
  /** Whether faults can be injected to rehearse failures. */
  readonly faultInjection: boolean;
  /** URL prefix of the `type` of problem details. The error code is appended. */
  readonly problemTypeBase: string;
  readonly aws: AwsSettings;
}

export interface AwsSettings {
  readonly region: string;
  /** Replaces AWS's own endpoints, for example with a local emulator's. */
  readonly endpoints: {
    readonly dynamoDb: URL | undefined;
    readonly secretsManager: URL | undefined;
  };
  readonly credentials: () => AwsCredentials;
}

export type LogLevel = (typeof logLevels)[number];

/** All misconfigurations at once, each with its variable. Never a value, because it may be a secret. */
export type Environment =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly misconfigurations: readonly string[] };

type Variables = Readonly<Record<string, string | undefined>>;

export interface SettingsReader {
  readonly variables: Variables;
  /** If the variable is missing or wrong, adds that to the misconfigurations and returns a value that must not be used. */
  readonly read: <T>(
    name: string,
    wanted: string,
    parse: (text: string) => T | undefined,
    missing?: T,
  ) => T;
  /** Each begins with its variable. */
  readonly misconfigurations: string[];
}

const matching = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : undefined);

const logLevels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export const tableName = matching(/^[A-Za-z0-9_.-]{3,255}$/);

/** Set for every gateway, whether or not its routes need a session. */
const identityVariables = [
  'GATEWAY_ENV',
  'GATEWAY_SESSION_TABLE_NAME',
  'GATEWAY_TOKEN_SIGNING_SECRET_ARN',
];

/** How the settings of parts are read that a zip may be built without; each is undefined in such a zip. */
export interface SwitchedFeatures {
  /** Those that a route needs. */
  readonly signIn?: SignInMethods;
  /** Without it, the feature has no setting. */
  readonly parseFaultInjection: ((text: string) => boolean | undefined) | undefined;
  /** Without it, settings of the proxy are a misconfiguration. */
  readonly readTrustedProxy:
    ((variables: Variables, misconfigurations: string[]) => ProxySettings | undefined) | undefined;
}

/** Reads the environment variables once. Each of the contract's `upstreams` must have its URL. */
export const readEnvironment = (
  upstreams: Readonly<Record<string, UpstreamPolicy>>,
  { signIn = {}, parseFaultInjection, readTrustedProxy = refuseTrustedProxy }: SwitchedFeatures,
  variables: Variables = process.env,
): Environment => {
  const misconfigurations: string[] = [];
  const read: SettingsReader['read'] = (name, wanted, parse, missing) => {
    const text = variables[name];
    const value = text === undefined || text === '' ? missing : parse(text);
    if (value === undefined)
      misconfigurations.push(`${name} ${text ? 'is not' : 'is missing: set it to'} ${wanted}`);
    return value as NonNullable<typeof value>; // Used only if there are none.
  };
  const endpoint = (service: string): URL | undefined =>
    [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL']
      .filter((name) => variables[name])
      .map((name) => read(name, 'an http or https URL', httpUrl))[0];

  const settings: Settings = {
    gatewayName: read(
      'GATEWAY_NAME',
      'the name of the gateway, such as postern-dev',
      matching(/^[\w-]{1,64}$/),
    ),
    environment: read(
      'GATEWAY_ENV',
      'the name of the environment, such as dev',
      matching(/^[\w-]{1,64}$/),
    ),
    logLevel: read('GATEWAY_LOG_LEVEL', `one of ${logLevels.join(', ')}`, logLevel, 'INFO'),
    logSampleRate: read('GATEWAY_LOG_SAMPLE_RATE', 'a number from 0 to 1', share, 1),
    identity: identityVariables.map((name) => variables[name] ?? ''),
    signIn: Object.fromEntries(
      Object.entries(signIn).map(([name, method]) => [
        name,
        method({ variables, read, misconfigurations }),
      ]),
    ),
    rateLimitTableName: read(
      'GATEWAY_RATELIMIT_TABLE_NAME',
      'the name of the rate-limits table',
      tableName,
    ),
    trustedProxy: readTrustedProxy(variables, misconfigurations),
    upstreamUrls: Object.fromEntries(
      Object.values(upstreams).map((policy) => [policy.name, readUpstreamUrl(policy, read)]),
    ),
    faultInjection:
      parseFaultInjection !== undefined &&
      read(
        'GATEWAY_FAULT_INJECTION',
        '"true" (not "allowed") or "false" (not "refused")',
        parseFaultInjection,
        false,
      ),
    problemTypeBase: read(
      'GATEWAY_PROBLEM_TYPE_BASE',
      'an https URL that ends in #, / or =',
      problemTypeBase,
      defaultTypeBase,
    ),
    aws: {
      region: read('AWS_REGION', 'an AWS region, such as us-east-1', matching(/^[a-z0-9-]+$/)),
      endpoints: { dynamoDb: endpoint('DYNAMODB'), secretsManager: endpoint('SECRETS_MANAGER') },
      credentials: () => ({
        accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '',
        secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'] ?? '',
        sessionToken: variables['AWS_SESSION_TOKEN'] || undefined,
      }),
    },
  };
  return misconfigurations.length === 0
    ? { ok: true, settings }
    : { ok: false, misconfigurations: [...new Set(misconfigurations)] };
};

const readUpstreamUrl = (
  { urlVariable, allowedHosts }: UpstreamPolicy,
  read: (name: string, wanted: string, parse: (text: string) => URL | undefined) => URL,
): URL => {
  const hosts = allowedHosts.length === 0 ? '' : ` to one of ${allowedHosts.join(', ')}`;
  return read(
    urlVariable,
    `an http or https URL${hosts}, without user, query or fragment`,
    (text) => {
      const url = httpUrl(text);
      const isAllowed =
        allowedHosts.length === 0 || (url !== undefined && allowedHosts.includes(url.hostname));
      return isAllowed ? url : undefined;
    },
  );
};

const httpUrl = (text: string): URL | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    (url?.protocol === 'https:' || url?.protocol === 'http:') &&
    !url.username &&
    !url.password &&
    !url.search &&
    !url.hash;
  return isPlain ? url : undefined;
};

const problemTypeBase = (text: string): string | undefined =>
  URL.canParse(text) && /^https:\/\/[!-~]{1,512}[#/=]$/.test(text) ? text : undefined;

export const origins = (text: string): ReadonlySet<string> | undefined => {
  const list = text.split(',').map(originOf);
  return list.every((origin) => origin !== undefined) ? new Set(list) : undefined;
};

/** As browsers write it: host in lower case, no default port (RFC 6454 §6.1). */
const originOf = (text: string): string | undefined => {
  const url = httpUrl(text.trim());
  return url?.pathname === '/' && !url.host.includes('*') ? url.origin : undefined;
};

const logLevel = (text: string): LogLevel | undefined =>
  logLevels.find((level) => level === text.toUpperCase());

const share = (text: string): number | undefined =>
  /^(0|1|0?\.\d{1,6}|1\.0+)$/.test(text) ? Number(text) : undefined;

/** A gateway that ignored the settings would accept requests that bypass the proxy. */
const refuseTrustedProxy = (variables: Variables, misconfigurations: string[]): undefined => {
  const names = Object.keys(variables).filter(
    (name) => name.startsWith('GATEWAY_TRUSTED_PROXY_') && variables[name],
  );
  if (names.length > 0)
    misconfigurations.push(
      `${names.toSorted().join(' and ')}: this zip is built without a trusted proxy; set trusted_proxy in the environment's tfvars and build it for the environment`,
    );
};

/** Lambda updates this variable with the trace of each invocation. */
export const lambdaTrace = (): string | undefined => process.env['_X_AMZN_TRACE_ID'];
