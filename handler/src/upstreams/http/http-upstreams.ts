import type { UpstreamPolicy } from '../../contract.ts';
import { httpUrl, type SettingsReader } from '../../environment.ts';
import type { UpstreamKind } from '../../parts.ts';
import type { BreakerPolicy } from '../../transport/circuit-breaker.ts';
import { createForward } from './forward.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly http: {
      readonly target: {
        /** Path template at the upstream; undefined: the request's own path. */
        readonly rewrite: string | undefined;
      };
      readonly policy: HttpPolicy;
    };
  }
}

interface HttpPolicy {
  /** The environment variable that contains its URL, such as `UPSTREAM_USERS_SERVICE_URL`. */
  readonly urlVariable: string;
  /** Allowed hosts of its URL; empty: any host. */
  readonly allowedHosts: readonly string[];
  /** Attempts after the first, only if the method or an `Idempotency-Key` allows them. */
  readonly retries: number;
  readonly breaker: BreakerPolicy;
  /** Of all header lines sent to it, including line ends. More are refused with 431. */
  readonly maxHeaderBytes: number;
  /** Whether it signs users in and out. Only such an upstream can set the session cookies. */
  readonly startsSessions: boolean;
}

/** HTTP services, each with its URL in an environment variable. */
export const httpUpstreams: UpstreamKind<'http'> = ({ upstreams, routes }, reader) => {
  const withUrls = Object.fromEntries(
    Object.values<UpstreamPolicy>(upstreams)
      .filter((policy) => policy.kind === 'http')
      .map((policy) => [policy.name, { policy, url: readUrl(policy, reader) }]),
  );
  return ({ metrics, ...tools }) => ({
    forward: createForward({
      ...tools,
      upstreams: withUrls,
      routes,
      onBreakerOpen: (upstream) => metrics.add('breakerOpenings', 1, { upstream }),
    }),
  });
};

const readUrl = ({ urlVariable, allowedHosts }: HttpPolicy, { read }: SettingsReader): URL => {
  const hosts = allowedHosts.length === 0 ? '' : ` to one of ${allowedHosts.join(', ')}`;
  return read(
    urlVariable,
    `an http or https URL${hosts}, without user, query or fragment`,
    (text) => {
      const url = httpUrl(text);
      const isAllowed =
        allowedHosts.length === 0 || (url !== undefined && allowedHosts.includes(url.hostname));
      return isAllowed ? url : undefined;
    },
  );
};
