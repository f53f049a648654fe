import http from 'k6/http';
import { check } from 'k6';
import { Rate } from 'k6/metrics';
import type { Options } from 'k6/options';
import exec from 'k6/execution';
import { isAsDesigned, isDisturbed, phaseAt, type Phase } from '../lib/gameday.ts';
import { summaryTrendStats } from '../lib/rates.ts';
import { reads } from '../lib/reads.ts';
import { run } from '../lib/run.ts';
import { asked, expecting } from '../lib/traffic.ts';

export { handleSummary } from '../lib/run.ts';

const { phases, perSecond } = run.gameDay ?? { phases: [], perSecond: 1 };
const endsAtMs = phases.at(-1)?.endsAtMs ?? 0;

/** Of the requests that a fault is meant for, those that users noticed. */
const disturbed = new Rate('postern_disturbed');

/** Four standard deviations of a share among as many requests as the phase has; half of the reads are its own. */
const slackOf = (share: number, { judgedFromMs, endsAtMs }: Phase): number =>
  Math.max(
    0.05,
    4 * Math.sqrt((share * (1 - share) * 2_000) / (perSecond * (endsAtMs - judgedFromMs))),
  );

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

/** The same traffic all day long; the clock says which phase it is in. */
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
  const { path, route } = reads[iteration % reads.length] ?? reads[0];
  const session = run.members[iteration % run.members.length];
  const tags = { phase: nameAt(phase) };
  const answer = http.get(
    `${run.baseUrl}${path}`,
    asked(route, session, { ...expecting(200), tags }),
  );
  if (phase === undefined) return;
  const { fault } = phase;
  const seen = {
    path,
    status: answer.status,
    code: codeOf(answer.body),
    hasRetryAfter: 'Retry-After' in answer.headers,
    durationMs: answer.timings.duration,
  };
  check(seen, { 'as designed': () => isAsDesigned(seen, fault) }, tags);
  if (fault === undefined || path.startsWith(fault.pathPrefix))
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
