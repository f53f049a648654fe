import { gunzipSync } from 'node:zlib';
import type { InvokeVersion, VersionResponse } from './invoke-version.ts';
import { checkResponse } from './check-response.ts';
import type { Probe } from './plan-probes.ts';

export interface VersionCheck {
  readonly invoke: InvokeVersion;
  readonly probes: readonly Probe[];
  readonly version: string;
  /** The serving version, to compare with; absent: the new one is checked alone. */
  readonly liveVersion?: string;
  readonly secrets: readonly string[];
  readonly allowedHeaders: readonly string[];
  /** `/openapi.json` as it was built. */
  readonly openapi: string;
}

export interface CheckedVersion {
  readonly probes: number;
  /** `<probe>: <problem>`. Empty if the version can get requests. */
  readonly failures: readonly string[];
  readonly latency: Readonly<Record<string, LatencyComparison>>;
}

/** So many say enough; each crash costs the function a new start. */
const mostFailures = 3;

/**
 * Tests a version by its number, before any traffic: that it starts, is not slower, and responds as the contract says.
 * Ends early when the result is clear.
 */
export const checkVersion = async (check: VersionCheck): Promise<CheckedVersion> => {
  const { invoke, version, probes } = check;
  const first = await invoke(version, { method: 'GET', path: '/health' });
  if (first.kind === 'crash') {
    return {
      probes: 1,
      failures: [`GET /health: the version does not start: ${first.message}`],
      latency: {},
    };
  }
  const { latency, failures } = await timeAll(check);
  if (failures.length > 0) return { probes: 1, failures, latency };
  let tried = 1;
  for (const probe of probes) {
    if (failures.length >= mostFailures) break;
    failures.push(...(await tryOne(check, probe)));
    tried += 1;
  }
  return { probes: tried, failures, latency };
};

const tryOne = async (check: VersionCheck, probe: Probe): Promise<string[]> => {
  const { invoke, version, liveVersion, secrets, allowedHeaders, openapi } = check;
  const live = liveVersion === undefined ? undefined : await invoke(liveVersion, probe);
  const response = await invoke(version, probe);
  const failures = checkResponse({
    probe,
    response,
    ...(live && { live }),
    secrets,
    allowedHeaders,
  });
  const isOtherContract =
    probe.path === '/openapi.json' && response.kind === 'response' && textOf(response) !== openapi;
  return [...failures, ...(isOtherContract ? ['is not the contract that was built'] : [])].map(
    (failure) => `${probe.name}: ${failure}`,
  );
};

/** A large document comes compressed. */
const textOf = ({ headers, body }: Extract<VersionResponse, { kind: 'response' }>): string =>
  headers['content-encoding'] === 'gzip'
    ? gunzipSync(Buffer.from(body, 'latin1')).toString()
    : body;

/** The first route that is slower decides. */
const timeAll = async (check: VersionCheck) => {
  const { liveVersion, probes } = check;
  const latency: Record<string, LatencyComparison> = {};
  const failures: string[] = [];
  if (liveVersion === undefined) return { latency, failures };
  for (const probe of probes.filter(({ isTimed }) => isTimed)) {
    const pairs = await timeInTurns(check, liveVersion, probe);
    if (pairs === undefined) continue;
    const compared = compareLatency(pairs);
    latency[probe.name] = compared;
    const { liveMs, newMs, slowerByMs } = compared;
    if (slowerByMs <= mostSlowerByMs) continue;
    failures.push(
      `${probe.name}: slower by ${slowerByMs} ms (${newMs} ms; the serving version ${liveMs} ms)`,
    );
    break;
  }
  return { latency, failures };
};

const pairsEach = 7;

/** The versions alternate, and so does the first one. Undefined if one crashes. */
const timeInTurns = async (
  { invoke, version }: VersionCheck,
  liveVersion: string,
  probe: Probe,
): Promise<Pair[] | undefined> => {
  const pairs: Pair[] = [];
  for (let turn = 0; turn < pairsEach; turn += 1) {
    const isLiveFirst = turn % 2 === 0;
    const first = await invoke(isLiveFirst ? liveVersion : version, probe);
    const second = await invoke(isLiveFirst ? version : liveVersion, probe);
    if (first.kind === 'crash' || second.kind === 'crash') return undefined;
    pairs.push(
      isLiveFirst ? { liveMs: first.ms, newMs: second.ms } : { liveMs: second.ms, newMs: first.ms },
    );
  }
  return pairs;
};

/** Both versions' times for the same request, taken in turns. */
interface Pair {
  readonly liveMs: number;
  readonly newMs: number;
}

export interface LatencyComparison {
  readonly liveMs: number;
  readonly newMs: number;
  /** The median of the differences of pairs, which is not affected if both are slow at the same time. */
  readonly slowerByMs: number;
}

/** A version slower by more than this is stopped: the SLO's p95 of 200 ms would not survive it. */
const mostSlowerByMs = 100;

const compareLatency = (pairs: readonly Pair[]): LatencyComparison => ({
  liveMs: median(pairs.map(({ liveMs }) => liveMs)),
  newMs: median(pairs.map(({ newMs }) => newMs)),
  slowerByMs: median(pairs.map(({ liveMs, newMs }) => newMs - liveMs)),
});

const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const value = sorted[middle] ?? 0;
  const result = sorted.length % 2 === 1 ? value : (value + (sorted[middle - 1] ?? 0)) / 2;
  return Math.round(result * 10) / 10;
};
