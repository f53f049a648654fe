/** What the cache did with a request (RFC 9211 §2). */
export type CacheStatus =
  | { readonly kind: 'hit'; readonly secondsLeft: number }
  | {
      readonly kind: 'forwarded';
      readonly why: 'bypass' | 'uri-miss' | 'vary-miss' | 'request' | 'stale';
      /** Of the upstream, if the client gets another. */
      readonly status?: number;
      readonly isStored?: boolean;
    };

/** Adds the gateway's member at the end of the list, after those of caches nearer to the upstream (RFC 9211 §2). */
export const addCacheStatus = (headers: Record<string, string>, status: CacheStatus): void => {
  const parameters =
    status.kind === 'hit'
      ? ['hit', `ttl=${status.secondsLeft}`]
      : [
          `fwd=${status.why}`,
          ...(status.status === undefined ? [] : [`fwd-status=${status.status}`]),
          ...(status.isStored ? ['stored'] : []),
        ];
  const own = ['postern', ...parameters].join('; ');
  const others = headers['cache-status'];
  headers['cache-status'] = others === undefined ? own : `${others}, ${own}`;
};
