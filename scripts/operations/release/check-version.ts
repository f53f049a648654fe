import { gunzipSync } from 'node:zlib';
import type { InvokeVersion, VersionResponse } from './invoke-version.ts';
import { checkResponse } from './check-response.ts';
import type { Probe } from '../../stack/build/plan-probes.ts';

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
}

/** So many say enough; each crash costs the function a new start. */
const mostFailures = 3;

/**
 * Tests a version by its number, before any traffic: that it starts, and responds as the contract says. Ends early when
 * the result is clear.
 */
export const checkVersion = async (check: VersionCheck): Promise<CheckedVersion> => {
  const { invoke, version, probes } = check;
  const first = await invoke(version, { method: 'GET', path: '/health' });
  if (first.kind === 'crash') {
    return {
      probes: 1,
      failures: [`GET /health: the version does not start: ${first.message}`],
    };
  }
  const failures: string[] = [];
  let tried = 1;
  for (const probe of probes) {
    if (failures.length >= mostFailures) break;
    failures.push(...(await tryOne(check, probe)));
    tried += 1;
  }
  return { probes: tried, failures };
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
