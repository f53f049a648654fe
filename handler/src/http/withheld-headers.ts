/**
 * What the gateway says itself, and what would let a client tell a service another caller, address, host, path or
 * method than the ones that were checked: servers and frameworks act on each of these.
 */
const withheld: ReadonlySet<string> = new Set([
  // Said by the gateway, or for it alone.
  'content-length',
  'cookie',
  'host',
  'traceparent',
  'tracestate',
  'via',
  'x-amzn-trace-id',
  'x-request-id',
  'x-user-id',
  'x-user-roles',

  // The client's address, as proxies and clouds spell it.
  'appengine-user-ip',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-pseudo-ipv4',
  'client-ip',
  'cloudfront-viewer-address',
  'do-connecting-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'forwarded',
  'forwarded-for',
  'http-client-ip',
  'http-x-forwarded-for',
  'proxy-client-ip',
  'remote-addr',
  'true-client-ip',
  'wl-proxy-client-ip',
  'x-appengine-user-ip',
  'x-azure-clientip',
  'x-azure-socketip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-external-address',
  'x-forwarded', // `x-forwarded-*` is withheld whole.
  'x-nf-client-connection-ip',
  'x-original-forwarded-for',
  'x-originating-ip',
  'x-proxyuser-ip',
  'x-real-ip',
  'x-remote-addr',
  'x-remote-ip',

  // Host and scheme.
  'front-end-https',
  'x-host',
  'x-http-host-override',
  'x-original-host',
  'x-scheme',
  'x-url-scheme',

  // Path and method.
  'proxy', // Becomes HTTP_PROXY under CGI (CVE-2016-5385).
  'x-envoy-original-path',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-middleware-subrequest', // Skips Next.js's own checks (CVE-2025-29927).
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-rewrite-url',
]);

/** Judged by the gateway in their own spelling; in another one a server could take them for what was judged. */
const judged: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-type',
  'idempotency-key',
]);

/** Whether a client's header, its name in lower case, must not reach a service. */
export const isWithheld = (name: string): boolean => {
  const folded = foldedName(name);
  if (withheld.has(folded) || folded.startsWith('x-forwarded-')) return true;
  return folded !== name && judged.has(folded);
};

/** CGI, WSGI and PHP cannot tell `x_user_id` from `x-user-id`. */
export const foldedName = (name: string): string => name.replace(/[^a-z0-9-]/g, '-');
