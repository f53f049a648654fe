import { contractPart, type Said, withDefaults } from '../../../compiler/contract-part.ts';
import { durationSchema, readDuration } from '../../../compiler/duration.ts';
import type { Report } from '../../../compiler/problem.ts';

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
    maxAge: {
      ...durationSchema,
      default: '10m',
      description: 'How long a browser keeps the response to a preflight: from 1s to 1d.',
    },
  },
} as const;

const place = ['x-postern', 'defaults', 'cors'];

/**
 * API Gateway itself responds to preflights, as the compiler's output for Terraform says: the function has no code for
 * it. An origin `${name}` is one or several of the environment's tfvars.
 */
export default contractPart({
  folder: 'features/cors',
  route: {
    cors: {
      if: { const: false },
      else: policy,
      default: false,
      description:
        'What pages of other origins may do. One policy for the whole document, in the defaults; `false`: nothing.',
    },
  },
  compile: ({ operations, defaults, nearest, report }) => {
    for (const operation of operations) {
      const { path = [] } = nearest(operation, 'cors') ?? {};
      if (path[0] !== 'paths') continue;
      const message =
        '"cors" is one policy for the whole document — write it in x-postern.defaults';
      report(path, message, 'key');
    }
    const summary = summarize(defaults.cors ?? false, report);
    return () => ({ summary: { cors: summary }, values: valueNames(summary?.allow_origins ?? []) });
  },
});

/** The CORS configuration of API Gateway for Terraform. Null if the contract allows no other origins. */
const summarize = (cors: Said<typeof policy> | false, report: Report) => {
  if (cors === false) return null;
  const { allowCredentials, maxAge, ...lists } = withDefaults(policy, cors);
  if (allowCredentials) refuseWildcards(cors, report);
  const lowerCase = (names: Strings) => said(names).map((name) => name.toLowerCase());
  return {
    allow_origins: said(lists.allowOrigins),
    allow_methods: said(lists.allowMethods),
    allow_headers: lowerCase(lists.allowHeaders),
    expose_headers: lowerCase(lists.exposeHeaders),
    allow_credentials: allowCredentials,
    max_age_seconds: secondsOf(maxAge, report),
  };
};

type Strings = string | undefined | ReadonlyArray<string | undefined>;

const said = (entries: Strings): readonly string[] =>
  [entries].flat().filter((entry) => entry !== undefined);

const secondsOf = (maxAge: string, report: Report): number => {
  const path = [...place, 'maxAge'];
  const ms = readDuration(maxAge, { min: '1s', max: '1d' }, path, report) ?? 0;
  if (ms % 1_000 !== 0) report(path, `"maxAge" is ${maxAge}; it has whole seconds`);
  return ms / 1_000;
};

/** Fetch, "CORS protocol and credentials": browsers reject `*` together with credentials. */
const refuseWildcards = (cors: Said<typeof policy>, report: Report): void => {
  for (const key of ['allowOrigins', 'allowMethods', 'allowHeaders', 'exposeHeaders'] as const) {
    if (!said(cors[key]).some((entry) => entry.includes('*'))) continue;
    const message = `"${key}" has "*", which browsers refuse with "allowCredentials: true"`;
    report([...place, key], message);
  }
};

/** The names of the values that the texts refer to as `${name}`. */
const valueNames = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => [...text.matchAll(/\$\{([^{}$]*)\}/g)].map(([, name = '']) => name));
