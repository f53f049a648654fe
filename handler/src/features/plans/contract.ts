import { emitList, emitObject, literal } from '../../../compiler/code.ts';
import { contractPart, type Said, withDefaults } from '../../../compiler/contract-part.ts';
import {
  checkIpRules,
  ipRulesSchema,
  ipValueNames,
  readIpRules,
} from '../../../compiler/ip-rules.ts';
import { suggestion } from '../../../compiler/nearest.ts';
import type { Report } from '../../../compiler/problem.ts';
import { rateLimitFields } from '../../../compiler/rate-limit-fields.ts';
import { nearestSetting } from '../../../compiler/sections.ts';
import type { Quota } from '../../stores/quotas/quota.ts';

const quotaSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['limit', 'period'],
  properties: {
    limit: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000_000_000,
      description: 'Requests of a caller in each day or month.',
      examples: ['1000'],
    },
    period: {
      enum: ['day', 'month'],
      description: 'A calendar day or month: each begins at 00:00 UTC.',
      examples: ['day'],
    },
    onStoreFailure: {
      enum: ['allow', 'deny'],
      default: 'allow',
      description: 'What happens while the table cannot be reached.',
    },
  },
} as const;

const planSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    rateLimits: {
      type: 'array',
      errorMessage: 'must be a list of names, such as [member], or [] for no limit',
      items: { type: 'string' },
      uniqueItems: true,
      description:
        'Names from the document’s `rateLimits`, in place of those in `defaults`. What a path or an operation has of its own applies as well.',
      examples: ['[member]'],
    },
    quota: { ...quotaSchema, description: 'How many requests a caller has.' },
    ipRules: {
      ...ipRulesSchema,
      errorMessage: 'must have allow or deny',
      description:
        'From which addresses callers with the plan may call, beside the rules of the route.',
    },
  },
} as const;

type PlanSection = Said<typeof planSchema>;

export default contractPart({
  folder: 'features/plans',
  root: {
    plans: {
      type: 'object',
      additionalProperties: planSchema,
      propertyNames: {
        pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
        errorMessage:
          'must be a name of lower-case letters, digits and single hyphens that starts with a letter',
      },
      description: 'What callers may do, by the plan that their credential names.',
    },
  },
  compile: ({ root, document, routes, report }) => {
    const sections = Object.entries(root.plans ?? {});
    const limitNames = Object.keys(
      (document['x-postern'] as { rateLimits?: object } | undefined)?.rateLimits ?? {},
    );
    for (const [name, section] of sections) check(name, section, limitNames, report);
    const signedIn = new Set(
      routes.flatMap(({ plan: { id, access } }) => (access.kind === 'public' ? [] : [id])),
    );
    if (sections.length === 0 || signedIn.size === 0) return () => ({});

    const quotas = sections.flatMap(([name, section]) => quotaOf(name, section) ?? []);
    const limited = sections.filter(([, section]) => section?.rateLimits !== undefined);
    const isLimited = limited.some(([, section]) => section?.rateLimits?.length !== 0);
    const hasIpRules = sections.some(([, section]) => section?.ipRules !== undefined);
    const values = hasIpRules ? ipValueNames(document) : [];
    const withOwnLimits = new Set(
      routes.flatMap(({ plan, operation }) =>
        limited.length > 0 &&
        operation &&
        nearestSetting(document, operation)('rateLimits')?.at !== 'defaults'
          ? [plan.id]
          : [],
      ),
    );
    return ({ use, useStore }) => ({
      features: {
        plans: `${use('plans', 'plans.ts')}(${emitObject(
          Object.fromEntries(
            sections.map(([name, section]) => [literal(name), emitPlan(name, section)]),
          ),
        )})`,
        ...(quotas.length > 0 && { quota: use('quota', 'quota.ts') }),
        ...(isLimited && { rateLimit: use('rateLimit', '../rate-limit/rate-limit.ts') }),
      },
      stores: {
        ...(quotas.length > 0 && {
          quotas: useStore('dynamoDbQuotas', 'quotas/dynamodb-quotas.ts'),
        }),
        ...(isLimited && { buckets: useStore('dynamoDbBuckets', 'buckets/dynamodb-buckets.ts') }),
        ...(values.length > 0 && {
          ipValues: `${useStore('ipValues', 'ip-values.ts')}(${literal(values)})`,
        }),
      },
      permissions: [
        ...(quotas.length > 0
          ? [{ store: 'usage', actions: ['dynamodb:UpdateItem'] } as const]
          : []),
        ...(isLimited ? [{ store: 'rate-limits', actions: ['dynamodb:UpdateItem'] } as const] : []),
      ],
      route: (id) => (withOwnLimits.has(id) ? { hasOwnRateLimits: 'true' } : {}),
      responses: (id) => {
        if (!signedIn.has(id)) return {};
        return {
          ...((quotas.length > 0 || isLimited) && { headers: rateLimitFields }),
          errors: [
            'PLAN_UNKNOWN',
            ...(quotas.length > 0 ? (['QUOTA_EXCEEDED'] as const) : []),
            ...(isLimited ? (['RATE_LIMITED'] as const) : []),
            ...(quotas.some(({ onStoreFailure }) => onStoreFailure === 'deny')
              ? (['RATE_LIMIT_STORE_UNAVAILABLE'] as const)
              : []),
          ],
        };
      },
      summary: {
        plans: Object.fromEntries(
          sections.map(([name, section]) => {
            const quota = quotaOf(name, section);
            return [name, quota === undefined ? {} : { limit: quota.limit, period: quota.period }];
          }),
        ),
      },
      values,
      functionValues: values,
    });
  },
});

const check = (
  plan: string,
  section: PlanSection | undefined,
  limitNames: readonly string[],
  report: Report,
): void => {
  const path = ['x-postern', 'plans', plan];
  for (const [index, name] of (section?.rateLimits ?? []).entries()) {
    if (name === undefined || limitNames.includes(name)) continue;
    report(
      [...path, 'rateLimits', index],
      `unknown rate limit "${name}"${suggestion(name, limitNames)}`,
    );
  }
  if (section?.ipRules !== undefined) checkIpRules(section.ipRules, [...path, 'ipRules'], report);
};

const quotaOf = (name: string, section: PlanSection | undefined): Quota | undefined => {
  if (section?.quota === undefined) return undefined;
  const { limit = 1, period = 'day', onStoreFailure } = withDefaults(quotaSchema, section.quota);
  return { name, limit, period, onStoreFailure };
};

const emitPlan = (name: string, section: PlanSection | undefined): string => {
  const { rateLimits, ipRules } = section ?? {};
  const quota = quotaOf(name, section);
  return emitObject({
    ...(rateLimits !== undefined && {
      rateLimits: emitList(rateLimits.map((limit) => `rateLimits[${literal(limit)}]`)),
    }),
    ...(ipRules !== undefined && { ipRules: literal(readIpRules(ipRules)) }),
    ...(quota !== undefined && { quota: literal(quota) }),
  });
};
