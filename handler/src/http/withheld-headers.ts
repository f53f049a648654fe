/**
 * Headers that the gateway sets itself, and headers by which a client could claim another caller, address, host, path
 * or method than the checked one. Servers and frameworks act on each of them.
 */
const withheld: ReadonlySet<string> = new Set([
  // Set by the gateway, or meant only for it.
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

  // The client's address, by the header names of proxies and clouds.
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
  'true-client-ip',
  'wl-proxy-client-ip',
  'x-azure-clientip',
  'x-azure-socketip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-external-address',
  'x-forwarded',
  'x-nf-client-connection-ip',
  'x-original-forwarded-for',
  'x-originating-ip',
  'x-proxyuser-ip',
  'x-real-ip',
  'x-vercel-forwarded-for',

  // The caller, by the header names of single sign-on and API gateways. Not X-Auth-Token, X-Auth-Key, X-Access-Token,
  // X-Api-Key or X-User-Email: clients send those as credentials, which services check.
  'client-cert', // RFC 9440.
  'client-cert-chain',
  'iv-creds', // IBM Security Verify Access, once WebSEAL.
  'iv-groups',
  'iv-user',
  'oam-remote-user', // Oracle Access Manager.
  'sm-universalid', // SiteMinder.
  'sm-user',
  'teleport-jwt-assertion',
  'x-apigateway-api-userinfo', // Google API Gateway, and ESP:
  'x-endpoint-api-userinfo',
  'x-arr-clientcert', // Azure App Service.
  'x-auth-audience', // Louketo, once Keycloak Gatekeeper; see also the prefixes.
  'x-auth-email',
  'x-auth-subject',
  'x-client-dn',
  'x-jwt-assertion', // WSO2.
  'x-jwt-payload', // Istio.
  'x-proxy-remote-user', // Nexus Repository.
  'x-proxy-roles', // OpenSearch.
  'x-proxy-user',
  'x-sso-user',
  'x-token-subject', // Caddy Security.
  'x-userinfo', // Kong and APISIX.

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

/** Families of such headers. Clients send none of them to services for other purposes. */
const withheldPrefixes = [
  'cf-access-', // Cloudflare Access.
  'oidc-claim-', // Apache's mod_auth_openidc.
  'remote-', // CGI and Authelia: Remote-User, -Groups, -Email, -Name, -Addr.
  'shib-', // Shibboleth.
  'ssl-client-', // ingress-nginx.
  'tailscale-',
  'x-amzn-mtls-', // Application Load Balancer.
  'x-amzn-oidc-',
  'x-appengine-',
  'x-auth-group', // Louketo: X-Auth-Groups, -Roles, -Userid, -Username.
  'x-auth-request-', // oauth2-proxy.
  'x-auth-role',
  'x-auth-user',
  'x-authenticated-', // Kong: X-Authenticated-Scope, -Userid, -Groups.
  'x-authentik-',
  'x-client-cert',
  'x-consumer-', // Kong and APISIX.
  'x-credential-',
  'x-forwarded-',
  'x-goog-authenticated-user-', // Identity-Aware Proxy.
  'x-goog-iap-',
  'x-ms-client-principal', // Azure App Service.
  'x-ms-token-',
  'x-pomerium-',
  'x-proxy-ext-', // OpenSearch.
  'x-remote-', // Kubernetes: X-Remote-User, -Group, -Extra-…
  'x-ssl-', // HAProxy and F5: X-SSL-Client-Cert, -DN, -Verify.
  'x-token-user-', // Caddy Security.
  'x-vouch-',
  'x-webauth-', // Grafana and Gitea.
] as const;

/** By their first letters: most headers of a request share theirs with none of these. */
const prefixesByStart: ReadonlyMap<string, readonly string[]> = new Map(
  withheldPrefixes.map((prefix) => {
    const start = prefix.slice(0, 3);
    return [start, withheldPrefixes.filter((each) => each.startsWith(start))];
  }),
);

/**
 * Checked by the gateway in this spelling. In another spelling, a server could still read them as the checked header.
 */
const judged: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-type',
  'idempotency-key',
]);

/** Whether a client's header, its name in lower case, must not reach a service. */
export const isWithheld = (name: string): boolean => {
  const folded = foldedName(name);
  if (withheld.has(folded)) return true;
  const prefixes = prefixesByStart.get(folded.slice(0, 3));
  if (prefixes !== undefined) {
    for (const prefix of prefixes) if (folded.startsWith(prefix)) return true;
  }
  return folded !== name && judged.has(folded);
};

/** CGI, WSGI and PHP cannot distinguish `x_user_id` from `x-user-id`. */
export const foldedName = (name: string): string =>
  odd.test(name) ? name.replace(/[^a-z0-9-]/g, '-') : name;

/** Tested first: almost no name has one, and a replace without a match takes twice as long. */
const odd = /[^a-z0-9-]/;
