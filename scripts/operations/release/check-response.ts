import type { Probe } from '../../stack/build/plan-probes.ts';
import type { VersionResponse } from './invoke-version.ts';

export interface Judged {
  readonly probe: Probe;
  readonly response: VersionResponse;
  /** The serving version's to the same request; absent if the response is checked alone. */
  readonly live?: VersionResponse;
  /** What must not be in any response: tokens, keys. */
  readonly secrets: readonly string[];
  /** Header names that are new on purpose. */
  readonly allowedHeaders: readonly string[];
}

/** What speaks against the new version, in words; empty where nothing does. */
export const checkResponse = (judged: Judged): readonly string[] => {
  const { response } = judged;
  if (response.kind === 'crash') return [`the function crashed: ${response.message.slice(0, 200)}`];
  return [
    ...judgeStatus(judged, response),
    ...judgeHeaders(response),
    ...judgeSecrets(judged, response),
    ...judgeNewHeaders(judged, response),
  ];
};

type Responded = Extract<VersionResponse, { kind: 'response' }>;

const judgeStatus = ({ probe, live }: Judged, { status, body }: Responded): string[] => {
  const { expected } = probe;
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

const judgeSecrets = ({ secrets }: Judged, { headers, cookies, body }: Responded): string[] => {
  const all = [...Object.values(headers), ...cookies, body].join('\n');
  return secrets.some((secret) => all.includes(secret)) ? ['leaks a token or a key'] : [];
};

/** A header that the serving version does not send for the same request is new in this build. */
const judgeNewHeaders = ({ live, allowedHeaders }: Judged, { headers, status }: Responded) => {
  if (live?.kind !== 'response' || grade(live.status) !== grade(status)) return [];
  return Object.keys(headers)
    .filter((name) => !(name in live.headers) && !allowedHeaders.includes(name))
    .map((name) => `sends the new header ${name} (to allow it: ALLOW_HEADERS=${name})`);
};
