/**
 * Headers that frameworks, proxies and servers are known to act on as if the gateway had written them. A client's own
 * must not reach a service in any spelling. Collected from the software that reads them, not from the gateway's list:
 * removing one from that list must fail a test.
 */
const names = {
  'the client’s address':
    'appengine-user-ip cf-connecting-ip cf-connecting-ipv6 cf-pseudo-ipv4 client-ip cloudfront-viewer-address ' +
    'do-connecting-ip fastly-client-ip fly-client-ip forwarded forwarded-for http-client-ip http-x-forwarded-for ' +
    'proxy-client-ip remote-addr true-client-ip wl-proxy-client-ip x-appengine-user-ip x-azure-clientip ' +
    'x-azure-socketip x-client-ip x-cluster-client-ip x-envoy-external-address x-forwarded x-forwarded-for ' +
    'x-nf-client-connection-ip x-original-forwarded-for x-originating-ip x-proxyuser-ip x-real-ip x-remote-addr ' +
    'x-remote-ip x-vercel-forwarded-for',
  'who is calling':
    'remote-user remote-groups remote-email remote-name x-remote-user x-remote-group x-remote-extra-scopes ' +
    'x-auth-request-user x-auth-request-email x-auth-request-groups x-auth-request-access-token ' +
    'x-webauth-user x-webauth-email x-webauth-role x-ms-client-principal x-ms-client-principal-id ' +
    'x-ms-client-principal-name x-ms-client-principal-idp x-ms-token-aad-id-token ' +
    'cf-access-jwt-assertion cf-access-authenticated-user-email ' +
    'x-amzn-oidc-data x-amzn-oidc-identity x-amzn-oidc-accesstoken x-amzn-mtls-clientcert-subject ' +
    'x-authenticated-userid x-authenticated-scope x-authenticated-groups x-consumer-id x-consumer-username ' +
    'x-consumer-custom-id x-credential-identifier x-userinfo ' +
    'x-auth-user x-auth-userid x-auth-username x-auth-roles x-auth-groups x-auth-subject x-auth-email x-auth-audience ' +
    'x-authentik-username x-authentik-groups x-authentik-jwt ' +
    'x-goog-authenticated-user-email x-goog-authenticated-user-id x-goog-iap-jwt-assertion ' +
    'x-apigateway-api-userinfo x-endpoint-api-userinfo x-appengine-user-email ' +
    'x-ssl-client-cert x-ssl-client-s-dn x-ssl-client-verify ssl-client-cert ssl-client-subject-dn ssl-client-verify ' +
    'client-cert client-cert-chain x-client-cert x-client-dn x-arr-clientcert x-forwarded-client-cert ' +
    'x-token-subject x-token-user-email x-token-user-roles tailscale-user-login tailscale-user-name ' +
    'x-pomerium-jwt-assertion x-pomerium-claim-email x-vouch-user x-proxy-user x-proxy-roles x-proxy-ext-spaces ' +
    'x-proxy-remote-user x-sso-user x-jwt-assertion x-jwt-payload teleport-jwt-assertion ' +
    'oidc-claim-sub shib-identity-provider sm-user sm-universalid iv-user iv-groups iv-creds oam-remote-user ' +
    'x-forwarded-user x-forwarded-email x-forwarded-groups x-forwarded-preferred-username x-forwarded-access-token',
  'host and scheme':
    'front-end-https x-forwarded-host x-forwarded-proto x-host x-http-host-override ' +
    'x-original-host x-scheme x-url-scheme',
  'path and method':
    'proxy x-envoy-original-path x-http-method x-http-method-override x-method-override x-middleware-subrequest ' +
    'x-original-method x-original-uri x-original-url x-rewrite-url',
};

export const believedHeaders: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(names).map(([claim, list]) => [claim, list.split(' ')]),
);

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
