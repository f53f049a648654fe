import http from 'k6/http';
import { check } from 'k6';
import { Rate } from 'k6/metrics';
import type { Options } from 'k6/options';
import exec from 'k6/execution';
import { isAsDesigned, isDisturbed, phaseAt, type Phase } from '../lib/gameday.ts';
import { summaryTrendStats } from '../lib/rates.ts';
import { run } from '../lib/run.ts';
import { requestParameters, expected, headersOf, inTurn } from '../lib/traffic.ts';

export { handleSummary } from '../lib/run.ts';

const { phases, perSecond } = run.gameDay ?? { phases: [], perSecond: 1 };
const endsAtMs = phases.at(-1)?.endsAtMs ?? 0;

/** The affected requests of a fault that users noticed. */
const disturbed = new Rate('postern_disturbed');

/** Four standard deviations of a share of the affected requests. */
const slackOf = (share: number, { fault, judgedFromMs, endsAtMs }: Phase): number => {
  const own = run.reads.filter(({ route }) => fault?.routes.includes(route)).length;
  const requests = (perSecond * (endsAtMs - judgedFromMs) * own) / run.reads.length / 1_000;
  return Math.max(0.05, 4 * Math.sqrt((share * (1 - share)) / requests));
};

const thresholdsOf = (phase: Phase): Record<string, string[]> => {
  const { name, fault } = phase;
  const share = (fault?.percent ?? 0) / 100;
  const slack = slackOf(share, phase);
  const bounds = fault
    ? [
        `rate>=${Math.max(0.05, share - slack).toFixed(2)}`,
        ...(share + slack < 1 ? [`rate<=${(share + slack).toFixed(2)}`] : []),
      ]
    : ['rate<=0.01'];
  return {
    [`checks{phase:${name}}`]: ['rate>=0.99'],
    [`postern_disturbed{phase:${name}}`]: bounds,
  };
};

/** The same traffic for the whole day; the clock determines the phase. */
export const options: Options = {
  scenarios: {
    gameday: {
      executor: 'constant-arrival-rate',
      rate: perSecond,
      timeUnit: '1s',
      duration: `${Math.max(1, Math.ceil((endsAtMs - Date.now()) / 1000))}s`,
      preAllocatedVUs: perSecond * 3,
      gracefulStop: '5s',
    },
  },
  thresholds: Object.assign({}, ...phases.map(thresholdsOf)) as Record<string, string[]>,
  summaryTrendStats,
};

export default function (): void {
  const phase = phaseAt(phases, Date.now());
  const iteration = exec.scenario.iterationInTest;
  const read = inTurn(run.reads, iteration);
  const { path, route } = read;
  const tags = { phase: nameAt(phase) };
  const response = http.get(
    `${run.baseUrl}${path}`,
    requestParameters(route, headersOf(read, iteration), { ...expected([200]), tags }),
  );
  if (phase === undefined) return;
  const { fault } = phase;
  const seen = {
    route,
    status: response.status,
    code: codeOf(response.body),
    hasRetryAfter: 'Retry-After' in response.headers,
    durationMs: response.timings.duration,
  };
  check(seen, { 'as designed': () => isAsDesigned(seen, fault) }, tags);
  if (fault === undefined || fault.routes.includes(route))
    disturbed.add(isDisturbed(seen, fault?.latencyMs ?? Infinity), tags);
}

const nameAt = (phase: Phase | undefined): string =>
  phase !== undefined && Date.now() >= phase.judgedFromMs ? phase.name : 'between';

const codeOf = (body: unknown): string | undefined => {
  try {
    const { code } = JSON.parse(String(body)) as { code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
};
