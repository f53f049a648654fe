import { gunzipSync } from 'node:zlib';
import { compareLatency, type LatencyComparison, mostSlowerByMs } from './compare-latency.ts';
import type { InvokeVersion, VersionResponse } from './invoke-version.ts';
import type { Probe } from '../../stack/build/plan-probes.ts';

export interface VersionCheck {
  readonly invoke: InvokeVersion;
  readonly probes: readonly Probe[];
  readonly version: string;
  /** The serving version, to compare with; absent: the new one is checked alone. */
  readonly liveVersion?: string;
  readonly secrets: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly healthPath: string;
  /** The published document as it was built, and where it is served; no path: it is not. */
  readonly openapi: { readonly text: string; readonly path: string | undefined };
}

export interface CheckedVersion {
  readonly probes: number;
  /** `<probe>: <problem>`. Empty if the version can get requests. */
  readonly failures: readonly string[];
  /** By probe; empty without a serving version. */
  readonly latency: Readonly<Record<string, LatencyComparison>>;
}

/** So many say enough; each crash costs the function a new start. */
const mostFailures = 3;

/**
 * Tests a version by its number, before any traffic: that it starts, responds as the contract says, and is not slower
 * than the serving version. Ends early when the result is clear.
 */
export const checkVersion = async (check: VersionCheck): Promise<CheckedVersion> => {
  const { invoke, version, probes, healthPath } = check;
  const first = await invoke(version, { method: 'GET', path: healthPath });
  if (first.kind === 'crash') {
    return {
      probes: 1,
      failures: [`GET ${healthPath}: the version does not start: ${first.message}`],
      latency: {},
    };
  }
  const failures: string[] = [];
  let tried = 1;
  for (const probe of probes) {
    if (failures.length >= mostFailures) break;
    failures.push(...(await tryOne(check, probe)));
    tried += 1;
  }
  if (failures.length > 0) return { probes: tried, failures, latency: {} };
  return { probes: tried, ...(await compareWithLive(check)) };
};

/** Of every read. The first one that is slower decides. */
const compareWithLive = async ({ invoke, version, liveVersion, probes }: VersionCheck) => {
  const latency: Record<string, LatencyComparison> = {};
  if (liveVersion === undefined) return { failures: [], latency };
  for (const probe of probes.filter(isRead)) {
    const compared = await compareLatency(invoke, { live: liveVersion, new: version }, probe);
    if (compared === undefined) continue;
    latency[probe.name] = compared;
    const { liveMs, newMs, slowerByMs } = compared;
    if (slowerByMs <= mostSlowerByMs) continue;
    const inFigures = `${newMs} ms; the serving version ${liveMs} ms`;
    return { failures: [`${probe.name}: slower by ${slowerByMs} ms (${inFigures})`], latency };
  }
  return { failures: [], latency };
};

/** Not a refusal of the gateway's own: nothing that changes is a read. */
const isRead = ({ expected }: Probe): boolean => (expected?.status ?? 200) === 200;

/** What speaks against the new version, in words; empty where nothing does. */
const tryOne = async (check: VersionCheck, probe: Probe): Promise<string[]> => {
  const { invoke, version, liveVersion } = check;
  const live = liveVersion === undefined ? undefined : await invoke(liveVersion, probe);
  const response = await invoke(version, probe);
  const problems =
    response.kind === 'crash'
      ? [`the function crashed: ${response.message.slice(0, 200)}`]
      : [
          ...judgeStatus(probe, response, live),
          ...judgeHeaders(response),
          ...judgeSecrets(check, response),
          ...judgeNewHeaders(check, response, live),
          ...judgeContract(check, probe, response),
        ];
  return problems.map((problem) => `${probe.name}: ${problem}`);
};

const judgeContract = (
  { openapi }: VersionCheck,
  { path }: Probe,
  response: Responded,
): string[] =>
  path === openapi.path && textOf(response) !== openapi.text
    ? ['is not the contract that was built']
    : [];

/** A large document comes compressed. */
const textOf = ({ headers, body }: Responded): string =>
  headers['content-encoding'] === 'gzip'
    ? gunzipSync(Buffer.from(body, 'latin1')).toString()
    : body;

type Responded = Extract<VersionResponse, { kind: 'response' }>;

const judgeStatus = (
  { expected }: Probe,
  { status, body }: Responded,
  live: VersionResponse | undefined,
): string[] => {
  if (expected !== undefined) {
    if (status !== expected.status) return [`responds ${status}, not ${expected.status}`];
    return expected.code === undefined || body.includes(`"code":"${expected.code}"`)
      ? []
      : [`responds ${status} without the code ${expected.code}`];
  }
  if (live === undefined) return status < 500 ? [] : [`responds ${status}`];
  const liveStatus = live.kind === 'crash' ? 500 : live.status;
  // A service may be down, and a resource may not exist: then both versions have the same result.
  return grade(status) > grade(liveStatus)
    ? [`responds ${status}, where the serving version responds ${liveStatus}`]
    : [];
};

/** Fine, refused, failed. */
const grade = (status: number): number => (status < 400 ? 0 : status < 500 ? 1 : 2);

/** On every response, the gateway's own and a service's alike. */
const securityHeaders = [
  'strict-transport-security',
  'content-security-policy',
  'x-frame-options',
  'x-content-type-options',
  'referrer-policy',
  'x-request-id',
];

/** Headers from the gateway to services, or about the infrastructure: no client ever receives these. */
const internalHeaders =
  /^(?:server|x-powered-by|authorization|cookie|x-user-|x-amz-security-token)/;

const judgeHeaders = ({ headers }: Responded): string[] => [
  ...securityHeaders
    .filter((name) => !headers[name])
    .map((name) => `does not send the security header ${name}`),
  ...Object.keys(headers)
    .filter((name) => internalHeaders.test(name))
    .map((name) => `leaks the internal header ${name}`),
];

const judgeSecrets = (
  { secrets }: VersionCheck,
  { headers, cookies, body }: Responded,
): string[] => {
  const all = [...Object.values(headers), ...cookies, body].join('\n');
  return secrets.some((secret) => all.includes(secret)) ? ['leaks a token or a key'] : [];
};

/** A header that the serving version does not send for the same request is new in this build. */
const judgeNewHeaders = (
  { allowedHeaders }: VersionCheck,
  { headers, status }: Responded,
  live: VersionResponse | undefined,
): string[] => {
  if (live?.kind !== 'response' || grade(live.status) !== grade(status)) return [];
  return Object.keys(headers)
    .filter((name) => !(name in live.headers) && !allowedHeaders.includes(name))
    .map((name) => `sends the new header ${name} (to allow it: ALLOW_HEADERS=${name})`);
};
