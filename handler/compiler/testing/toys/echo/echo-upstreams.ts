import type { UpstreamPolicy } from '../../contract.ts';
import type { UpstreamKind } from '../../parts.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly echo: {
      readonly target: { readonly echoes: number };
      readonly policy: { readonly status: number };
    };
  }
}

/** Upstreams that respond with the path of the request and the word of a setting. */
export const echoUpstreams: UpstreamKind<'echo'> = ({ upstreams }, { read }) => {
  const word = read('GATEWAY_ECHO', 'a word', (text) => text);
  const policies = new Map(
    Object.values<UpstreamPolicy>(upstreams).map((each) => [each.name, each]),
  );
  return () => ({
    forward: async ({ request, target }) => {
      const policy = policies.get(target.upstream);
      const statusCode = policy?.kind === 'echo' ? policy.status : 500;
      const body = `${word} ${request.path.repeat(target.echoes)}`;
      const upstream = { name: target.upstream, attempts: 1, durationMs: 0 };
      return { upstream, outcome: { statusCode, headers: {}, body } };
    },
  });
};
