import type { RateLimitRule } from '../../../handler/src/contract.ts';
import { simulate } from '../../../handler/testing/limiter-simulation.ts';
import { seededRandom } from '../../../handler/testing/random.ts';
import { steady } from '../../../handler/testing/traffic.ts';
import { member } from '../../../handler/testing/rate-limit-rules.ts';

export interface EnvironmentsPoint {
  readonly environments: number;
  /** One tenant at 1,000 requests a second, within its limit. */
  readonly hot_writes_per_second: number;
  readonly hot_refused: number;
  /** One user at ten times the limit. */
  /** Beyond those of the requests that were admitted. */
  readonly over_writes_per_refused: number;
  readonly over_admitted_vs_allowed: number;
}

const hot = { perSecond: 1_000, seconds: 10 };
const over = { perSecond: 83, seconds: 120 };

/** What a limit shared by more and more environments costs, in simulated time with clocks up to 20 ms off. */
export const growEnvironments = async (): Promise<readonly EnvironmentsPoint[]> => {
  const points: EnvironmentsPoint[] = [];
  for (const environments of [1, 5, 20, 50, 100, 200]) {
    const { refused, writes } = await live(environments, tenantRule, hot);
    const beyond = await live(environments, member, over);
    const { limit, windowSeconds, burst } = member;
    const allowed = burst + (limit / windowSeconds) * over.seconds;
    points.push({
      environments,
      hot_writes_per_second: writes / hot.seconds,
      hot_refused: refused,
      over_writes_per_refused: Math.max(0, beyond.writes - beyond.admitted) / beyond.refused,
      over_admitted_vs_allowed: beyond.admitted / allowed,
    });
  }
  return points;
};

const tenantRule: RateLimitRule = { ...member, limit: 90_000, burst: 3_000 };

const live = async (
  environments: number,
  rule: RateLimitRule,
  { perSecond, seconds }: typeof hot,
): Promise<{ admitted: number; refused: number; writes: number }> => {
  const random = seededRandom(environments);
  const arrivals = steady(perSecond, { seconds, environments, random });
  const { outcomes, writes } = await simulate({
    rule,
    arrivals,
    environments,
    random,
    clockErrorMs: 20,
  });
  const count = (wanted: string) => outcomes.filter(({ decision }) => decision === wanted).length;
  return { admitted: count('admitted'), refused: count('refused'), writes };
};
