import type { Threshold } from './figures.ts';

interface Bound {
  readonly statistic: string;
  readonly operator: string;
  readonly limit: number;
}

const shares: Readonly<Record<string, string>> = {
  '<': 'fewer than',
  '<=': 'at most',
  '>': 'more than',
  '>=': 'at least',
};

const shareOf = ({ operator, limit }: Bound, all: string, none: string): string => {
  if (operator === '==' && limit === 1) return all;
  if (operator === '==' && limit === 0) return none;
  return `${shares[operator] ?? operator} ${percent(limit)} of`;
};

/** What the threshold of a metric means, and its figure. */
const words: Readonly<
  Record<string, { rule: (bound: Bound) => string; figure: (value: number) => string }>
> = {
  http_req_duration: {
    rule: ({ statistic, limit }) =>
      `p${/\d+/.exec(statistic)?.[0] ?? statistic} of the response time under ${limit} ms`,
    figure: (value) => `${Math.round(value)} ms`,
  },
  http_req_failed: {
    rule: (bound) => `${shareOf(bound, 'all', 'none of')} the requests fail`,
    figure: (value) => percent(value),
  },
  checks: {
    rule: (bound) => `${shareOf(bound, 'all', 'none of')} the responses as expected`,
    figure: (value) => percent(value),
  },
  http_reqs: {
    rule: ({ operator, limit }) => `${shares[operator] ?? operator} ${limit} requests`,
    figure: String,
  },
  dropped_iterations: {
    rule: () => 'every request sent on schedule',
    figure: (value) => `${value} not sent`,
  },
  postern_disturbed: {
    rule: (bound) => `${shareOf(bound, 'all', 'none of')} the requests affected by a fault`,
    figure: (value) => percent(value),
  },
};

/** k6's `http_req_duration{scenario:after} p(95)<200` in words; an unknown metric stays as it is. */
export const ruleOf = ({ metric, condition }: Threshold): string => {
  const { name, tags } = parts(metric);
  const bound = boundOf(condition);
  const rule = bound && words[name]?.rule(bound);
  if (rule === undefined) return `${metric} ${condition}`;
  const where = [...tags].flatMap(([key, value]) =>
    key === 'phase' || key === 'status' || key === 'check' ? [] : [`${value}: `],
  );
  const check = tags.get('check');
  const served = tags.get('status') === '200' ? ', of successful responses' : '';
  return `${where.join('')}${rule}${check === undefined ? '' : `: ${check}`}${served}`;
};

export const figureOf = ({ metric, measured }: Threshold): string =>
  measured === undefined ? 'not measured' : (words[parts(metric).name]?.figure ?? String)(measured);

const parts = (metric: string) => {
  const [, name = metric, inside = ''] = /^([^{]+)(?:\{(.*)\})?$/.exec(metric) ?? [];
  const tags = new Map(
    inside
      .split(',')
      .filter((tag) => tag.includes(':'))
      .map((tag) => [tag.slice(0, tag.indexOf(':')), tag.slice(tag.indexOf(':') + 1)] as const),
  );
  return { name, tags };
};

const boundOf = (condition: string): Bound | undefined => {
  const [, statistic, operator, limit] =
    /^([\w()]+?)\s*(<=|>=|==|<|>)\s*([\d.]+)$/.exec(condition) ?? [];
  if (statistic === undefined || operator === undefined) return undefined;
  return { statistic, operator, limit: Number(limit) };
};

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
