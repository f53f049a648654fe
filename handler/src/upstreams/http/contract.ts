import { emitList, emitObject, literal } from '../../../compiler/code.ts';
import { checkRewrite } from '../../../compiler/check-rewrite.ts';
import { type Code, contractPart, type EmitTools } from '../../../compiler/contract-part.ts';
import { readSize, sizeSchema } from '../../../compiler/size.ts';
import {
  breakerKey,
  readBreaker,
  retriesKey,
  sessionKey,
  upstreamVariable,
} from '../../../compiler/upstream-keys.ts';
import type { UpstreamPolicy } from '../../contract.ts';
import { extensionKeys, type ExtensionPlan, planExtensions } from './compile/plan-extensions.ts';

const errors = [
  'BAD_REQUEST',
  'HEADERS_TOO_LARGE',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_RESPONSE_TOO_LARGE',
  'UPSTREAM_BREAKER_OPEN',
  'UPSTREAM_TIMEOUT',
  'LOOP_DETECTED',
] as const;

export default contractPart({
  folder: 'upstreams/http',
  upstream: {
    http: {
      type: 'object',
      additionalProperties: false,
      description:
        'The kind: an HTTP service. Its URL is the environment variable `UPSTREAM_<NAME>_SERVICE_URL`.',
    },
    retries: {
      ...retriesKey,
      description:
        'How often a request is sent again, if its method or an Idempotency-Key makes that safe; default 1.',
    },
    breaker: breakerKey,
    maxHeaderSize: {
      ...sizeSchema,
      description:
        "The largest size of the request headers, including the gateway's own; larger ones are refused with 431. Default 8KiB.",
    },
    session: sessionKey,
    allowedHosts: {
      type: 'array',
      uniqueItems: true,
      items: {
        type: 'string',
        pattern: '^([a-z0-9-]+(\\.[a-z0-9-]+)*|\\[[0-9a-f:.]+\\])$',
        errorMessage: 'must be a host name in lower case, without scheme, port or path',
      },
      description: 'The hosts that its URL may have; default any.',
    },
    ...extensionKeys,
  },
  route: {
    rewrite: {
      type: 'string',
      description:
        'The path at the upstream, with parameters of this path, such as `/v2/{rest+}`; default: the path of the request.',
    },
  },
  target: ({ path }, nearest, report) => {
    const rewrite = nearest('rewrite');
    if (rewrite !== undefined) checkRewrite(rewrite.value, path, rewrite.path, report);
    return { rewrite: rewrite?.value };
  },
  compile: ({ upstreams, routes, report }) => {
    const policies = upstreams.map(({ name, value, path }): UpstreamPolicy<'http'> => {
      const { retries, breaker, allowedHosts, maxHeaderSize, session } = value;
      const maxHeaderBytes = readSize(
        maxHeaderSize,
        { min: '1KiB', max: '64KiB' },
        [...path, 'maxHeaderSize'],
        report,
      );
      return {
        kind: 'http',
        name,
        urlVariable: upstreamVariable(name, 'SERVICE_URL'),
        allowedHosts: (allowedHosts ?? []).filter((host) => host !== undefined),
        retries: retries ?? 1,
        breaker: readBreaker(breaker, path, report),
        maxHeaderBytes: maxHeaderBytes ?? 8_192,
        startsSessions: session === 'start',
      };
    });
    const extensions = new Map(
      upstreams.flatMap(({ name, value, path }) => {
        const plan = planExtensions(name, value, path, { routes, report });
        return plan === undefined ? [] : [[name, plan] as const];
      }),
    );
    const plans = [...extensions.values()];
    const guarded = new Set(
      routes.flatMap(({ plan: { id, target } }) =>
        target.kind === 'http' && (extensions.get(target.upstream)?.secrets.length ?? 0) > 0
          ? [id]
          : [],
      ),
    );
    const forwarded = new Set(
      routes.flatMap(({ plan: { id, target } }) => (target.kind === 'http' ? [id] : [])),
    );
    return ({ use }) => ({
      ...(upstreams.length > 0 && { upstreamKind: kindWith(extensions, use) }),
      responses: (id) => {
        if (!forwarded.has(id)) return {};
        return {
          errors: guarded.has(id) ? [...errors, 'UPSTREAM_CREDENTIALS_UNAVAILABLE'] : errors,
        };
      },
      values: [...new Set(plans.flatMap((plan) => plan.values))],
      functionValues: plans.flatMap((plan) => plan.functionValues),
      permissions: plans.flatMap((plan) => plan.permissions),
      upstreams: Object.fromEntries(policies.map((policy) => [policy.name, literal(policy)])),
    });
  },
});

/** The code for extensions is only in the zip if an upstream has some. */
const kindWith = (extensions: ReadonlyMap<string, ExtensionPlan>, use: EmitTools['use']): Code => {
  if (extensions.size === 0) return use('httpUpstreams', 'http-upstreams.ts');
  const extended = use('extendedHttpUpstreams', 'extended-upstreams.ts');
  const lists = [...extensions].map(
    ([name, { code }]) => [literal(name), emitList(code(use))] as const,
  );
  return `${extended}(${emitObject(Object.fromEntries(lists))})`;
};
