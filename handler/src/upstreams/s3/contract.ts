import { literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import { durationSchema } from '../../../compiler/duration.ts';
import { expressionReader } from '../../../compiler/expression.ts';
import { upstreamOf } from '../../../compiler/message-keys.ts';
import { sizeSchema } from '../../../compiler/size.ts';
import { upstreamVariable } from '../../../compiler/upstream-keys.ts';
import type { UpstreamPolicy } from '../../contract.ts';
import { type ObjectPlan, planObject } from './compile/plan-object.ts';

const s3 = {
  type: 'object',
  additionalProperties: false,
  required: ['key'],
  description:
    'Of an operation whose upstream is a bucket: the object that the caller gets a presigned URL for.',
  properties: {
    key: {
      type: 'string',
      minLength: 1,
      description:
        'The key of the object. It can have expressions. Its literal texts limit what the function may do in the bucket.',
      examples: ['exports/{$request.path.id}.csv'],
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
      required: ['type', 'size', 'maxSize'],
      description: 'The URL is for uploading the object. Absent: for downloading it.',
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
          description: 'The media types of which a `type` with expressions must be one.',
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
    return ({ use }) => ({
      upstreamKind: use('s3Upstreams', 's3-upstreams.ts'),
      // The holder of a URL does with it what the role may do.
      permissions: [...plans.values()].map(({ upstream, within, uploads }) => ({
        upstream,
        within,
        actions: [uploads ? 's3:PutObject' : 's3:GetObject'],
      })),
      route: (id) => {
        const plan = plans.get(id);
        if (plan === undefined) return {};
        const made = plan.uploads ? use('upload', 'upload.ts') : use('download', 'download.ts');
        return { s3: `${made}(${literal(plan.rule)})` };
      },
      responses: (id) => {
        const plan = plans.get(id);
        if (plan === undefined) return {};
        return { errors: plan.uploads ? ['BAD_REQUEST', 'BODY_TOO_LARGE'] : ['BAD_REQUEST'] };
      },
      upstreams: Object.fromEntries(
        upstreams.map(({ name }) => {
          const arnVariable = upstreamVariable(name, 'ARN');
          return [name, literal({ kind: 's3', name, arnVariable } satisfies UpstreamPolicy<'s3'>)];
        }),
      ),
    });
  },
});
