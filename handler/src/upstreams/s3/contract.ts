import { readAwsUpstream } from '../../../compiler/aws-upstreams.ts';
import { literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import { durationSchema } from '../../../compiler/duration.ts';
import { expressionReader } from '../../../compiler/expression.ts';
import { upstreamOf } from '../../../compiler/message-keys.ts';
import { sizeSchema } from '../../../compiler/size.ts';
import { breakerKey, retriesKey } from '../../../compiler/upstream-keys.ts';
import type { UpstreamPolicy } from '../../contract.ts';
import type { ErrorCode } from '../../http/gateway-error.ts';
import { type ObjectPlan, planObject } from './compile/plan-object.ts';

const s3 = {
  type: 'object',
  additionalProperties: false,
  required: ['key'],
  description:
    'Of an operation whose upstream is a bucket: the object, and how the caller gets or puts it.',
  properties: {
    key: {
      type: 'string',
      minLength: 1,
      description:
        'The key of the object. It can have expressions. Its literal texts limit what the function may do in the bucket.',
      examples: ['exports/{$request.path.id}.csv'],
    },
    transfer: {
      enum: ['presigned', 'proxied'],
      default: 'presigned',
      description:
        '`presigned`: the caller gets a URL, and transfers the object itself. `proxied`: the response is the object, or the body of the request becomes it.',
    },
    expires: {
      ...durationSchema,
      description: 'How long the URL is valid, from 1s to 1h; default 5m.',
    },
    response: {
      enum: ['redirect', 'json'],
      description:
        'Of a download: a 302 to the URL, or a 200 with it in JSON. Default: a redirect for GET, JSON for other methods.',
    },
    upload: {
      type: 'object',
      additionalProperties: false,
      description:
        'The object is uploaded. Absent: downloaded. A presigned upload needs `type`, `size` and `maxSize`, a proxied one `types`.',
      properties: {
        type: {
          type: 'string',
          minLength: 1,
          description: 'The media type of the object. It can have expressions.',
          examples: ['$request.body#/type'],
        },
        types: {
          type: 'array',
          minItems: 1,
          uniqueItems: true,
          items: {
            type: 'string',
            pattern: '^[a-z0-9][a-z0-9!#$&^_.+-]*/(\\*|[a-z0-9][a-z0-9!#$&^_.+-]*)$',
            errorMessage: 'must be a media type in lower case, such as image/png or image/*',
          },
          description:
            'The media types of which a `type` with expressions, or the Content-Type of a proxied upload, must be one.',
          examples: ['[image/png, image/jpeg]'],
        },
        size: {
          type: 'string',
          minLength: 1,
          description: 'The size of the object in bytes: an expression.',
          examples: ['$request.body#/size'],
        },
        maxSize: {
          ...sizeSchema,
          description: 'The largest size, up to 5120MiB. For a larger one, the response is 413.',
        },
        overwrite: {
          type: 'boolean',
          default: true,
          description: 'Whether the upload may replace an object that exists under the key.',
        },
      },
    },
  },
} as const;

export default contractPart({
  folder: 'upstreams/s3',
  upstream: {
    s3: {
      type: 'object',
      additionalProperties: false,
      description:
        'The kind: a bucket of S3. Its ARN is the environment variable `UPSTREAM_<NAME>_ARN`. Each operation has an `s3` that says which object.',
    },
    retries: {
      ...retriesKey,
      description:
        'How often a proxied object is requested again if that is safe; default 1. A presigned URL needs no request.',
    },
    breaker: breakerKey,
  },
  route: { s3 },
  compile: ({ upstreams, document, routes, nearest, report }) => {
    if (upstreams.length === 0) return () => ({});
    const plans = new Map<string, ObjectPlan & { readonly upstream: string }>();
    for (const route of routes) {
      const { plan, operation } = route;
      if (plan.target.kind !== 's3' || operation === undefined) continue;
      const upstream = upstreamOf(route) ?? '';
      const said = nearest(operation, 's3');
      if (said === undefined) {
        const message = `"${upstream}" is a bucket — add "s3: { key: … }" to the x-postern of ${plan.id}`;
        report(operation.place, message, 'key');
        continue;
      }
      const reader = expressionReader(document, route, report);
      plans.set(plan.id, { upstream, ...planObject(said, operation.method, reader, report) });
    }
    const isProxied = [...plans.values()].some(({ kind }) => kind.startsWith('proxied'));
    const policies = upstreams.map((upstream): UpstreamPolicy<'s3'> => ({
      kind: 's3',
      ...readAwsUpstream(upstream, report),
    }));
    return ({ use }) => ({
      upstreamKind: isProxied
        ? use('proxiedS3Upstreams', 'proxied-upstreams.ts')
        : use('s3Upstreams', 's3-upstreams.ts'),
      // The holder of a URL does with it what the role may do.
      permissions: [...plans.values()].map(({ upstream, within, kind }) => ({
        upstream,
        within,
        actions: [kind.endsWith('upload') ? 's3:PutObject' : 's3:GetObject'],
      })),
      route: (id) => {
        const plan = plans.get(id);
        if (plan === undefined) return {};
        const [key, name, file] = emitted[plan.kind];
        return { [key]: `${use(name, file)}(${literal(plan.rule)})` };
      },
      responses: (id) => {
        const plan = plans.get(id);
        return plan === undefined ? {} : { errors: errors[plan.kind] };
      },
      upstreams: Object.fromEntries(policies.map((policy) => [policy.name, literal(policy)])),
    });
  },
});

/** The key of the route, and the function that makes its value of a rule. */
const emitted = {
  download: ['s3', 'download', 'download.ts'],
  upload: ['s3', 'upload', 'upload.ts'],
  'proxied download': ['object', 'proxyDownload', 'proxy-download.ts'],
  'proxied upload': ['object', 'proxyUpload', 'proxy-upload.ts'],
} as const;

const ofS3 = [
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_RESPONSE_TOO_LARGE',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_BREAKER_OPEN',
  'UPSTREAM_TIMEOUT',
] as const;

const errors: Readonly<Record<ObjectPlan['kind'], readonly ErrorCode[]>> = {
  download: ['BAD_REQUEST'],
  upload: ['BAD_REQUEST', 'BODY_TOO_LARGE'],
  'proxied download': [
    'BAD_REQUEST',
    'OBJECT_NOT_FOUND',
    'PRECONDITION_FAILED',
    'RANGE_NOT_SATISFIABLE',
    ...ofS3,
  ],
  'proxied upload': ['BAD_REQUEST', 'UNSUPPORTED_MEDIA_TYPE', 'PRECONDITION_FAILED', ...ofS3],
};
