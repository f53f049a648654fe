import { literal } from '../../../compiler/code.ts';
import { contractPart, type Said, withDefaults } from '../../../compiler/contract-part.ts';
import { durationSchema, readDuration } from '../../../compiler/duration.ts';
import type { Path, Report } from '../../../compiler/problem.ts';
import type { SignInName } from '../../contract.ts';
import { valueNames } from '../../contract-values.ts';
import type { WebhookPolicy } from './policy.ts';

const errors = [
  'CREDENTIALS_MISSING',
  'CREDENTIALS_INVALID',
  'BODY_TOO_LARGE',
  'WEBHOOK_SECRET_UNAVAILABLE',
] as const;

/** By the names of the contract. */
const schemes = {
  github: { header: 'X-Hub-Signature-256', export: 'github', hasTime: false },
  stripe: { header: 'Stripe-Signature', export: 'stripe', hasTime: true },
  'standard-webhooks': {
    header: 'webhook-signature',
    export: 'standardWebhooks',
    hasTime: true,
  },
} as const;

const webhook = {
  type: 'object',
  additionalProperties: false,
  required: ['scheme', 'secret'],
  properties: {
    scheme: {
      enum: ['github', 'stripe', 'standard-webhooks'],
      description:
        'How webhooks are signed: `X-Hub-Signature-256`, `Stripe-Signature`, or `webhook-signature` (`svix-signature`).',
    },
    secret: {
      type: 'string',
      pattern: String.raw`^\$\{\w+\}$`,
      errorMessage:
        'must be a reference such as "${github_secret}": its value, in tfvars, is the ARN of a secret in Secrets Manager',
      examples: ["'${github_secret}'"],
      description:
        'The value with the ARN of the secret in Secrets Manager: the text that the sender has, or a JSON list of up to four while it changes.',
    },
    consumer: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      errorMessage: 'must be letters, digits, dots, hyphens and underscores, 64 at most',
      description: 'The name of the caller; default: the name of the security scheme.',
    },
    tolerance: {
      ...durationSchema,
      description:
        'How far the time of a webhook may differ from the gateway’s: within it, a webhook can be replayed. From 1s to 1h; default: 5m. Webhooks of GitHub have no time.',
    },
  },
  examples: ["{ scheme: github, secret: '${github_secret}' }"],
  description: 'Webhooks of a service, which it signs with a shared secret (HMAC-SHA256).',
} as const;

export default contractPart({
  folder: 'sign-in/webhook',
  signIn: webhook,
  signInBy: 'scheme',
  compile: ({ schemes: sections, routes, report, warn }) => {
    const uses = routes.flatMap(({ plan: { id, access }, operation }) =>
      access.kind === 'public'
        ? []
        : access.alternatives.map((needed) => ({ id, operation, needed })),
    );
    const used = sections.flatMap((section) => {
      const { name, method, value, path, definition } = section;
      const kind = value.scheme ?? 'github';
      const { header } = schemes[kind];
      if (definition.type === 'apiKey' && !isSameHeader(definition.name, header))
        warn(path, `the signature is in the header ${header}`, 'key');
      const policy = policyOf(name, kind, value, path, report);
      const own = uses.filter(({ needed }) => method in needed);
      for (const { id, operation, needed } of own) {
        if (needed[method as SignInName]?.length === 0) continue;
        const place = operation?.operation.security === undefined ? [] : operation.place;
        const message = `a webhook has no roles or scopes, and nobody could call ${id} — list none`;
        report([...place, 'security'], message, 'key');
      }
      return own.length === 0 ? [] : [{ method, kind, policy, ids: own.map(({ id }) => id) }];
    });
    if (used.length === 0) return () => ({});
    const callable = new Set(used.flatMap(({ ids }) => ids));
    const values = [...new Set(used.map(({ policy }) => policy.secret))];
    return ({ use }) => ({
      signIn: Object.fromEntries(
        used.map(({ method, kind, policy }) => {
          const scheme = use(schemes[kind].export, `${kind}.ts`);
          const signIn = use('webhookSignIn', 'webhook-sign-in.ts');
          return [method, `${signIn}(${scheme}, ${literal(policy)})`];
        }),
      ),
      responses: (id) => (callable.has(id) ? { errors } : {}),
      values,
      functionValues: values,
      permissions: values.map((value) => ({
        value,
        actions: ['secretsmanager:GetSecretValue'] as const,
      })),
    });
  },
});

const isSameHeader = (name: unknown, header: string): boolean =>
  typeof name === 'string' && name.toLowerCase() === header.toLowerCase();

const policyOf = (
  scheme: string,
  kind: keyof typeof schemes,
  { secret = '', ...value }: Said<typeof webhook>,
  path: Path,
  report: Report,
): WebhookPolicy => {
  const { consumer = scheme, tolerance } = withDefaults(webhook, value);
  const place = [...path, 'tolerance'];
  if (!schemes[kind].hasTime && tolerance !== undefined)
    report(
      place,
      'webhooks of GitHub have no time that could be checked — remove "tolerance"',
      'key',
    );
  const toleranceMs = readDuration(tolerance ?? '5m', { min: '1s', max: '1h' }, place, report);
  const [name = ''] = valueNames([secret]);
  return { scheme, secret: name, consumer, toleranceSeconds: (toleranceMs ?? 0) / 1_000 };
};
