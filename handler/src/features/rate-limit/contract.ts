import { emitList, literal } from '../../../compiler/code.ts';
import {
  contractPart,
  type Located,
  type PlannedRoute,
  type Said,
  withDefaults,
} from '../../../compiler/contract-part.ts';
import { durationSchema, readDuration } from '../../../compiler/duration.ts';
import { suggestion } from '../../../compiler/nearest.ts';
import type { Report } from '../../../compiler/problem.ts';
import { rateLimitFields } from '../../../compiler/rate-limit-fields.ts';
import type { RateLimitRule } from '../../contract.ts';

/** The order of a bucket's key: see `limitKey`. */
const dimensions = ['ip', 'caller', 'route'] as const;

const rule = {
  type: 'object',
  additionalProperties: false,
  required: ['per', 'limit', 'window'],
  properties: {
    per: {
      type: 'array',
      errorMessage: 'must be a list of ip, caller and route, such as [caller]',
      renamed: { ip: '"per: [ip]"', user: '"per: [caller]"', route: '"per: [route]"' },
      items: { enum: dimensions, renamed: { user: '"caller"' } },
      minItems: 1,
      uniqueItems: true,
      description:
        'What requests that share a bucket have in common; `ip` is the /64 of an IPv6 address. `[caller, route]` is a bucket for each caller and route.',
      examples: ['[ip]'],
    },
    limit: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      description: 'Requests per window.',
      examples: ['100'],
    },
    window: { ...durationSchema, description: 'From 1s to 24h.', examples: ['60s'] },
    burst: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      description: 'How many may come at once after a pause; as many as the limit unless set.',
    },
    onStoreFailure: {
      enum: ['allow', 'deny'],
      default: 'allow',
      description: 'What happens while the table cannot be reached.',
    },
    mode: {
      enum: ['enforce', 'shadow'],
      default: 'enforce',
      description: '`shadow` counts and reports, but refuses no request.',
    },
  },
} as const;

export default contractPart({
  folder: 'features/rate-limit',
  root: {
    rateLimits: {
      type: 'object',
      additionalProperties: rule,
      propertyNames: {
        pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
        errorMessage:
          'must be a name of lower-case letters, digits and single hyphens that starts with a letter',
      },
      description: 'Token buckets that operations name.',
    },
  },
  route: {
    rateLimits: {
      type: 'array',
      errorMessage: 'must be a list of names, such as [visitor], or [] for no limit',
      items: { type: 'string' },
      description:
        'Names from the document’s `rateLimits`, all of which must admit a request; `[]` for no limit. The defaults must have them: they are also those of the gateway’s own routes, except `/health`.',
      examples: ['[]'],
    },
  },
  renamed: { rateLimit: '"rateLimits", a list such as [visitor], or [] for no limit' },
  requiredDefaults: ['rateLimits'],
  compile: ({ root, defaults, routes, nearest, everywhere, report }) => {
    const rules = Object.entries(root.rateLimits ?? {}).map(([name, section]) =>
      planRule(name, section, report),
    );
    for (const list of everywhere('rateLimits')) checkNames(list, rules, report);
    checkDefaults(defaults.rateLimits ?? [], rules, report);

    const byRoute = new Map(
      routes.map(({ plan, operation }) => {
        const chosen = operation && nearest(operation, 'rateLimits');
        if (chosen !== undefined) checkCallers(plan, chosen, rules, report);
        // `/health` says only that the function runs and must always do so.
        const isHealth = plan.target.kind === 'built-in' && plan.target.name === 'health';
        const ofBuiltIn = isHealth ? [] : defaults.rateLimits;
        const names = operation === undefined ? ofBuiltIn : chosen?.value;
        return [plan.id, (names ?? []).filter((name) => name !== undefined)] as const;
      }),
    );
    const isUsed = [...byRoute.values()].some((names) => names.length > 0);
    return ({ use, useStore }) => ({
      ...(isUsed && {
        feature: use('rateLimit', 'rate-limit.ts'),
        stores: { buckets: useStore('dynamoDbBuckets', 'buckets/dynamodb-buckets.ts') },
        permissions: [{ store: 'rate-limits', actions: ['dynamodb:UpdateItem'] }],
      }),
      statements: [
        `const rateLimits = ${literal(Object.fromEntries(rules.map((each) => [each.name, each])))};`,
      ],
      contract: { rateLimits: 'rateLimits' },
      route: (id) => ({
        rateLimits: emitList((byRoute.get(id) ?? []).map((name) => `rateLimits[${literal(name)}]`)),
      }),
      responses: (id) => {
        const enforced = rules.filter(
          ({ name, mode }) => mode === 'enforce' && byRoute.get(id)?.includes(name),
        );
        if (enforced.length === 0) return {};
        return {
          headers: rateLimitFields,
          errors: [
            'RATE_LIMITED',
            ...(enforced.some(({ onStoreFailure }) => onStoreFailure === 'deny')
              ? (['RATE_LIMIT_STORE_UNAVAILABLE'] as const)
              : []),
          ],
        };
      },
      summary: { rate_limits: rules.map(({ name }) => name) },
    });
  },
});

const planRule = (
  name: string,
  section: Said<typeof rule> | undefined,
  report: Report,
): RateLimitRule => {
  const { per, limit = 1, burst = limit, window, ...choices } = withDefaults(rule, section);
  const path = ['x-postern', 'rateLimits', name, 'window'];
  const windowMs = readDuration(window, { min: '1s', max: '24h' }, path, report) ?? 1_000;
  if (windowMs % 1_000 !== 0) report(path, `"window" is ${window}; it has whole seconds`);
  return {
    name,
    per: dimensions.filter((dimension) => per?.includes(dimension) ?? false),
    limit,
    windowSeconds: windowMs / 1_000,
    burst,
    ...choices,
  };
};

type Names = readonly (string | undefined)[];

const checkNames = (
  { value, path }: Located<Names>,
  rules: readonly RateLimitRule[],
  report: Report,
): void => {
  const known = rules.map(({ name }) => name);
  for (const [index, name] of value.entries()) {
    if (name === undefined) continue;
    if (value.indexOf(name) !== index) report([...path, index], `"${name}" is named twice`);
    if (known.includes(name)) continue;
    const hint =
      name === 'none' ? ' — write "rateLimits: []" for no limit' : suggestion(name, known);
    report([...path, index], `unknown rate limit "${name}"${hint}`);
  }
};

/** Without sign-in, no limit can count by caller. */
const checkCallers = (
  { id, access }: PlannedRoute['plan'],
  { value, path }: Located<Names>,
  rules: readonly RateLimitRule[],
  report: Report,
): void => {
  // The defaults are checked separately: the gateway's own routes have them, too.
  if (access.kind !== 'public' || path[0] !== 'paths') return;
  const isOperations = path.length === 5;
  const who = isOperations ? 'this public operation' : `the public "${id}"`;
  reportCallerRules(value, rules, { who: `${who} has` }, (index, message) =>
    report([...path, index], message),
  );
};

/** Public operations have the default limits, and so have the gateway's own routes. */
const checkDefaults = (names: Names, rules: readonly RateLimitRule[], report: Report): void => {
  const who = "public operations and the gateway's own routes have";
  const rest = (name: string): string =>
    `, and "x-postern: { rateLimits: [${name}] }" in the operations that need a session`;
  reportCallerRules(names, rules, { who, rest }, (index, message) =>
    report(['x-postern', 'defaults', 'rateLimits', index], message),
  );
};

const reportCallerRules = (
  names: readonly (string | undefined)[],
  rules: readonly RateLimitRule[],
  { who, rest = () => '' }: { readonly who: string; readonly rest?: (name: string) => string },
  report: (index: number, message: string) => void,
): void => {
  for (const [index, name] of names.entries()) {
    const rule = rules.find((candidate) => candidate.name === name);
    if (name === undefined || rule?.per.includes('caller') !== true) continue;
    report(
      index,
      `"${name}" counts by caller, and ${who} no caller — ${otherLimit(rules)}${rest(name)}`,
    );
  }
};

const otherLimit = (rules: readonly RateLimitRule[]): string => {
  const other = rules.find(({ per }) => !per.includes('caller'));
  return other === undefined
    ? 'add "visitor: { per: [ip], limit: 100, window: 60s }" to x-postern.rateLimits, and write "rateLimits: [visitor]" here'
    : `write "rateLimits: [${other.name}]" here, which counts by ${other.per.join(' and ')}`;
};
