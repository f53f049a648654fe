import type { AwsCredentials } from './aws/signature-v4.ts';
import type { FaultSettings } from './features/faults/fault-settings.ts';
import type { ProxySettings } from './features/trusted-proxy/proxy-settings.ts';
import { defaultTypeBase } from './http/problem-details.ts';
import type { CompiledContract, SignInMethod, StoreKinds, UpstreamKind } from './parts.ts';

/** What a gateway responds and reports with, even while it is misconfigured. */
export interface ReportSettings {
  /** The stack's name, such as `postern-dev`. */
  readonly gatewayName: string;
  readonly environment: string;
  readonly logLevel: LogLevel;
  /** Share of requests with a status below 400 that are logged. All others are always logged. */
  readonly logSampleRate: number;
  /** URL prefix of the `type` of problem details. The error code is appended. */
  readonly problemTypeBase: string;
}

/** The environment variables of the function, read and checked. */
export interface Settings extends ReportSettings {
  /** Differs from that of every other gateway: the secret's ARN ends in random characters from Secrets Manager. */
  readonly identity: readonly string[];
  /** The contract's parts that have settings of their own, each with its settings. */
  readonly stores: { readonly [N in keyof StoreKinds]: Configured<StoreKinds[N]> };
  readonly signIn: Readonly<Record<string, Configured<SignInMethod>>>;
  readonly upstreams: Readonly<Record<string, Configured<UpstreamKind>>>;
  /** The proxy that all requests must come through. Undefined: there is none. */
  readonly trustedProxy: ProxySettings | undefined;
  /** Faults can be injected to rehearse failures. Undefined: they cannot. */
  readonly faultInjection: FaultSettings | undefined;
  readonly aws: AwsSettings;
}

/** A part that has read its settings. */
type Configured<Part> = Part extends (...settings: never[]) => infer Make ? Make : never;

type Parts = Pick<CompiledContract, 'contract' | 'stores' | 'signIn' | 'upstreams'>;

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

export type Environment =
  | { readonly ok: true; readonly settings: Settings }
  | {
      readonly ok: false;
      readonly settings: ReportSettings;
      /** All at once, each with its variable. Never a value, because it may be a secret. */
      readonly misconfigurations: readonly string[];
    };

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
  /** Without it, the feature has no setting. */
  readonly readFaultInjection: ((reader: SettingsReader) => FaultSettings | undefined) | undefined;
  /** Without it, settings of the proxy are a misconfiguration. */
  readonly readTrustedProxy:
    ((variables: Variables, misconfigurations: string[]) => ProxySettings | undefined) | undefined;
}

/** Reads the environment variables once: the gateway's own, and those of the contract's parts. */
export const readEnvironment = (
  { contract, stores, signIn, upstreams }: Parts,
  { readFaultInjection, readTrustedProxy = refuseTrustedProxy }: SwitchedFeatures,
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

  const reader: SettingsReader = { variables, read, misconfigurations };

  const reports: ReportSettings = {
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
    problemTypeBase: read(
      'GATEWAY_PROBLEM_TYPE_BASE',
      'an https URL that ends in #, / or =',
      problemTypeBase,
      defaultTypeBase,
    ),
  };
  const settings: Settings = {
    ...reports,
    identity: identityVariables.map((name) => variables[name] ?? ''),
    stores: mapValues(stores, (kind) => kind(reader)),
    signIn: mapValues(signIn, (method) => method(reader)),
    trustedProxy: readTrustedProxy(variables, misconfigurations),
    upstreams: mapValues<UpstreamKind, Configured<UpstreamKind>>(upstreams, (kind) =>
      kind(contract, reader),
    ),
    faultInjection: readFaultInjection?.(reader),
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
  if (misconfigurations.length === 0) return { ok: true, settings };
  return {
    ok: false,
    settings: { ...unknown, ...Object.fromEntries(Object.entries(reports).filter(isKnown)) },
    misconfigurations: [...new Set(misconfigurations)],
  };
};

/** In place of settings that are missing or wrong. */
const unknown: ReportSettings = {
  gatewayName: 'unknown',
  environment: 'unknown',
  logLevel: 'INFO',
  logSampleRate: 1,
  problemTypeBase: defaultTypeBase,
};

const isKnown = ([, value]: readonly [string, unknown]): boolean => value !== undefined;

/** The table with each value mapped. */
export const mapValues = <V, R>(table: Readonly<Record<string, V>>, map: (value: V) => R) =>
  Object.fromEntries(Object.entries(table).map(([name, value]) => [name, map(value)]));

export const httpUrl = (text: string): URL | undefined => {
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
