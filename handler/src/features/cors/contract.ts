import { emitList, literal } from '../../../compiler/code.ts';
import {
  type Code,
  contractPart,
  type Said,
  withDefaults,
} from '../../../compiler/contract-part.ts';
import { durationMs, durationSchema, readDuration } from '../../../compiler/duration.ts';
import type { Path, Report } from '../../../compiler/problem.ts';
import { valueNames } from '../../contract-values.ts';

const headerNames = {
  type: 'array',
  items: {
    type: 'string',
    pattern: "^(\\*|[A-Za-z0-9!#$%&'*+.^_`|~-]+)$",
    errorMessage: 'must be the name of a header, or "*"',
  },
  uniqueItems: true,
} as const;

const policy = {
  type: 'object',
  errorMessage: 'must be false, or have allowOrigins',
  additionalProperties: false,
  required: ['allowOrigins'],
  properties: {
    allowOrigins: {
      if: { type: 'array' },
      then: {
        items: {
          type: 'string',
          pattern:
            '^(\\*|https?://(\\*|[A-Za-z0-9.-]+)(:[0-9]{1,5})?|\\$\\{[A-Za-z][A-Za-z0-9_]*\\})$',
          errorMessage:
            'must be an origin, such as https://app.example.com, without a path, or "${name}" for a value of the environment\'s tfvars',
        },
        minItems: 1,
        uniqueItems: true,
      },
      else: {
        type: 'string',
        pattern: '^\\$\\{[A-Za-z][A-Za-z0-9_]*\\}$',
        errorMessage:
          'must be a list of origins, or "${name}" for a value of the environment\'s tfvars',
      },
      description:
        "Origins, `*`, or `${name}` for one or several, separated by commas, that the environment's tfvars give.",
      examples: ['[https://app.example.com]'],
    },
    allowMethods: {
      type: 'array',
      items: { enum: ['*', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
      uniqueItems: true,
      default: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      description: 'Methods that pages may use.',
    },
    allowHeaders: {
      ...headerNames,
      default: ['authorization', 'content-type', 'idempotency-key'],
      description: 'Request headers that pages may set.',
    },
    exposeHeaders: {
      ...headerNames,
      default: ['ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'],
      description: 'Response headers that pages may read.',
    },
    allowCredentials: {
      type: 'boolean',
      default: false,
      description: 'Whether browsers may send cookies.',
    },
    allowPrivateNetwork: {
      type: 'boolean',
      default: false,
      description:
        'Whether public pages may call a gateway in a private network (Private Network Access); the function then responds to preflights.',
    },
    maxAge: {
      ...durationSchema,
      default: '10m',
      description: 'How long a browser keeps the response to a preflight: from 1s to 1d.',
    },
  },
} as const;

/**
 * One policy for all routes goes to API Gateway itself, as the compiler's output for Terraform says: the function has no
 * code for it. Where policies differ, or API Gateway cannot do what one says, the function responds to preflights. An
 * origin `${name}` is one or several of the environment's tfvars.
 */
export default contractPart({
  folder: 'features/cors',
  route: {
    cors: {
      if: { const: false },
      else: policy,
      default: false,
      description:
        'What pages of other origins may do; `false`: nothing. The defaults are also those of the gateway’s own routes.',
    },
  },
  compile: ({ routes, defaults, nearest, everywhere, report }) => {
    for (const { value, path } of everywhere('cors'))
      if (value !== false) check(value, path, report);
    const fallback = compiled(defaults.cors);
    const byRoute = new Map(
      routes.map(({ plan, operation }) => [
        plan.id,
        operation === undefined ? fallback : compiled(nearest(operation, 'cors')?.value),
      ]),
    );
    const policies = [...new Set([...byRoute.values(), fallback])].filter((code) => code !== none);
    const isOne = [...byRoute.values()].every((code) => code === fallback);
    const [only] = policies;
    if (only === undefined) return () => ({ summary: { cors: null } });
    const origins = [...new Set(policies.flatMap((code) => parsed(code).allow_origins))];
    const values = valueNames(origins);
    if (isOne && !parsed(only).allow_private_network) {
      return () => ({ summary: { cors: parsed(only) }, values });
    }
    const nameOf = (code: Code) => `corsPolicies[${policies.indexOf(code)}]`;
    return ({ use }) => ({
      features: {
        corsPreflight: use('corsPreflight', 'cors.ts'),
        cors: `${use('cors', 'cors.ts')}(${fallback === none ? '' : nameOf(fallback)})`,
      },
      ...(values.length > 0 && {
        stores: { corsValues: `${use('corsValues', 'cors-values.ts')}(${literal(values)})` },
      }),
      statements: [`const corsPolicies = ${emitList(policies)};`],
      route: (id) => {
        const code = byRoute.get(id) ?? none;
        return code === none ? {} : { cors: nameOf(code) };
      },
      summary: { cors: null, cors_origins: origins },
      values,
      functionValues: values,
    });
  },
});

type Policy = Said<typeof policy>;

/** As JSON, so that equal policies are one. */
const compiled = (cors: Policy | false | undefined): Code =>
  cors === false || cors === undefined ? none : literal(summarize(cors));

const none: Code = 'null';

const parsed = (code: Code) => JSON.parse(code) as ReturnType<typeof summarize>;

/** In the form of API Gateway's own configuration in Terraform. */
const summarize = (cors: Policy) => {
  const { allowCredentials, allowPrivateNetwork, maxAge, ...lists } = withDefaults(policy, cors);
  const lowerCase = (names: Strings) => said(names).map((name) => name.toLowerCase());
  return {
    allow_origins: said(lists.allowOrigins),
    allow_methods: said(lists.allowMethods),
    allow_headers: lowerCase(lists.allowHeaders),
    expose_headers: lowerCase(lists.exposeHeaders),
    allow_credentials: allowCredentials,
    ...(allowPrivateNetwork && { allow_private_network: true }),
    max_age_seconds: (durationMs(maxAge) ?? 0) / 1_000,
  };
};

const check = (cors: Policy, path: Path, report: Report): void => {
  if (cors.allowCredentials) refuseWildcards(cors, path, report);
  const { maxAge } = withDefaults(policy, cors);
  const place = [...path, 'maxAge'];
  const ms = readDuration(maxAge, { min: '1s', max: '1d' }, place, report) ?? 0;
  if (ms % 1_000 !== 0) report(place, `"maxAge" is ${maxAge}; it has whole seconds`);
};

type Strings = string | undefined | ReadonlyArray<string | undefined>;

const said = (entries: Strings): readonly string[] =>
  [entries].flat().filter((entry) => entry !== undefined);

/** Fetch, "CORS protocol and credentials": browsers reject `*` together with credentials. */
const refuseWildcards = (cors: Policy, path: Path, report: Report): void => {
  for (const key of ['allowOrigins', 'allowMethods', 'allowHeaders', 'exposeHeaders'] as const) {
    if (!said(cors[key]).some((entry) => entry.includes('*'))) continue;
    const message = `"${key}" has "*", which browsers refuse with "allowCredentials: true"`;
    report([...path, key], message);
  }
};
