import type { Route, Target, UpstreamPolicy, UpstreamTarget } from '../../handler/src/contract.ts';
import type { CompiledContract } from '../../handler/src/parts.ts';
import { httpUpstreams } from '../../handler/src/upstreams/http/http-upstreams.ts';

/**
 * The contract with an HTTP service in place of each resource of AWS: there is no AWS, but a mock responds by the
 * document, and a program of the developer's can stand for a function or a queue.
 */
export const awsOverHttp = (compiled: CompiledContract): CompiledContract => {
  const { contract } = compiled;
  const policies = Object.entries<UpstreamPolicy>(contract.upstreams);
  const replaced = new Set(policies.flatMap(([name, policy]) => (isOfAws(policy) ? [name] : [])));
  if (replaced.size === 0) return compiled;
  return {
    ...compiled,
    contract: {
      ...contract,
      upstreams: Object.fromEntries(
        policies.map(([name, policy]) => [name, isOfAws(policy) ? httpPolicy(name) : policy]),
      ),
      routes: contract.routes.map((route) => overHttp(route, replaced)),
    },
    upstreams: { http: httpUpstreams, ...compiled.upstreams },
  };
};

const isOfAws = (policy: UpstreamPolicy): boolean => 'arnVariable' in policy;

const overHttp = (route: Route, replaced: ReadonlySet<string>): Route => {
  const { target, mirror } = route;
  const toHttp = <T extends Target>(own: T): T | UpstreamTarget<'http'> => {
    if (!('upstream' in own) || !replaced.has(own.upstream)) return own;
    const { upstream, timeoutMs } = own;
    return { kind: 'http', upstream, timeoutMs, rewrite: undefined };
  };
  return {
    ...route,
    target:
      target.kind === 'split'
        ? {
            ...target,
            parts: target.parts.map((part) => ({ ...part, target: toHttp(part.target) })),
          }
        : toHttp(target),
    ...(mirror && { mirror: { ...mirror, target: toHttp(mirror.target) } }),
  };
};

const httpPolicy = (name: string): UpstreamPolicy<'http'> => ({
  kind: 'http',
  name,
  urlVariable: `UPSTREAM_${name.toUpperCase().replaceAll('-', '_')}_SERVICE_URL`,
  allowedHosts: [],
  retries: 0,
  breaker: { failures: 5, openSeconds: 1 },
  maxHeaderBytes: 65_536,
  startsSessions: false,
});
