/**
 * Headers that frameworks, proxies and servers are known to act on as if the gateway had written them. A client's own
 * must not reach a service in any spelling. Collected from the software that reads them, not from the gateway's list.
 */
export const believedHeaders = {
  identity: [
    'x-user-id',
    'x-user-roles',
    'x-forwarded-user', // oauth2-proxy
    'x-forwarded-email',
    'x-forwarded-groups',
    'x-forwarded-preferred-username',
    'remote-user', // CGI, Authelia
    'remote-groups',
    'remote-email',
    'remote-name',
    'x-remote-user', // Kubernetes
    'x-remote-group',
    'x-auth-request-user', // oauth2-proxy
    'x-auth-request-email',
    'x-auth-request-groups',
    'x-auth-username', // Keycloak Gatekeeper
    'x-auth-userid',
    'x-auth-roles',
    'x-webauth-user', // Grafana
    'x-ms-client-principal', // Azure App Service
    'x-ms-client-principal-name',
    'cf-access-jwt-assertion', // Cloudflare Access
    'cf-access-authenticated-user-email',
    'x-amzn-oidc-data', // Application Load Balancer
    'x-amzn-oidc-identity',
    'x-amzn-mtls-clientcert',
    'x-authenticated-userid', // Kong
    'x-consumer-id',
    'x-consumer-username',
    'x-credential-identifier',
    'x-userinfo',
    'x-authentik-username',
    'x-authentik-groups',
    'x-goog-authenticated-user-email', // Identity-Aware Proxy
    'x-goog-iap-jwt-assertion',
    'x-apigateway-api-userinfo',
    'x-appengine-user-email',
    'x-ssl-client-cert', // HAProxy
    'x-ssl-client-verify',
    'ssl-client-subject-dn', // ingress-nginx
    'client-cert', // RFC 9440
    'x-client-cert',
    'x-forwarded-client-cert', // Envoy
    'x-token-subject', // Caddy Security
    'x-token-user-roles',
    'tailscale-user-login',
    'x-pomerium-jwt-assertion',
    'x-vouch-user',
    'x-proxy-user', // OpenSearch
    'x-proxy-roles',
    'x-jwt-assertion', // WSO2
    'sm-user', // SiteMinder
    'iv-user', // WebSEAL
    'oidc-claim-sub', // mod_auth_openidc
  ],
  address: [
    'forwarded', // RFC 7239
    'forwarded-for',
    'x-forwarded',
    'x-forwarded-for',
    'x-original-forwarded-for',
    'x-real-ip', // nginx
    'x-client-ip',
    'client-ip',
    'x-cluster-client-ip',
    'true-client-ip', // Akamai
    'cf-connecting-ip', // Cloudflare
    'cf-connecting-ipv6',
    'cf-pseudo-ipv4',
    'cloudfront-viewer-address',
    'fastly-client-ip',
    'fly-client-ip',
    'do-connecting-ip',
    'x-appengine-user-ip',
    'appengine-user-ip',
    'x-vercel-forwarded-for',
    'x-azure-clientip',
    'x-azure-socketip',
    'x-envoy-external-address',
    'x-nf-client-connection-ip',
    'x-originating-ip',
    'x-remote-ip',
    'x-remote-addr',
    'remote-addr',
    'x-proxyuser-ip',
    'proxy-client-ip', // WebLogic
    'wl-proxy-client-ip',
    'http-client-ip',
    'http-x-forwarded-for',
  ],
  host: [
    'x-forwarded-host',
    'x-forwarded-server',
    'x-forwarded-port',
    'x-forwarded-proto',
    'x-forwarded-protocol',
    'x-forwarded-scheme',
    'x-forwarded-ssl',
    'x-forwarded-prefix', // Spring, Traefik
    'x-forwarded-path',
    'x-host',
    'x-original-host',
    'x-http-host-override',
    'x-scheme',
    'x-url-scheme',
    'front-end-https', // Microsoft
  ],
  path: [
    'x-original-url', // Symfony, Zend (CVE-2018-14773)
    'x-original-uri',
    'x-rewrite-url',
    'x-envoy-original-path',
    'x-forwarded-uri',
    'x-middleware-subrequest', // Next.js (CVE-2025-29927)
    'proxy', // CGI (CVE-2016-5385)
  ],
  method: [
    'x-http-method',
    'x-http-method-override',
    'x-method-override',
    'x-forwarded-method',
    'x-original-method',
  ],
} as const;

/** Those that the gateway itself sends, and that may arrive once. */
export const gatewaysOwn: ReadonlySet<string> = new Set([
  'x-user-id',
  'x-user-roles',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-prefix',
  'x-forwarded-proto',
]);

/** CGI, WSGI and PHP do not distinguish them. */
export const folded = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '-');

/** RFC 9110 §7.6.1 and earlier RFCs: headers of one connection. */
export const hopByHopHeaders = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'http2-settings',
] as const;
