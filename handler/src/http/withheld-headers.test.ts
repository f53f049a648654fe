import { describe, expect, it } from '@jest/globals';
import { isWithheld } from './withheld-headers.ts';

/** Each is known to be believed by some server, framework or cloud: none may leave the list unseen. */
const names = {
  'the gateway’s own':
    'content-length cookie host traceparent tracestate via x-amzn-trace-id x-request-id x-user-id x-user-roles',
  'the client’s address':
    'appengine-user-ip cf-connecting-ip cf-connecting-ipv6 cf-pseudo-ipv4 client-ip cloudfront-viewer-address ' +
    'do-connecting-ip fastly-client-ip fly-client-ip forwarded forwarded-for http-client-ip http-x-forwarded-for ' +
    'proxy-client-ip remote-addr true-client-ip wl-proxy-client-ip x-appengine-user-ip x-azure-clientip ' +
    'x-azure-socketip x-client-ip x-cluster-client-ip x-envoy-external-address x-forwarded x-forwarded-for ' +
    'x-nf-client-connection-ip x-original-forwarded-for x-originating-ip x-proxyuser-ip x-real-ip x-remote-addr ' +
    'x-remote-ip',
  'host and scheme':
    'front-end-https x-forwarded-host x-forwarded-proto x-forwarded-anything x-host x-http-host-override ' +
    'x-original-host x-scheme x-url-scheme',
  'path and method':
    'proxy x-envoy-original-path x-http-method x-http-method-override x-method-override x-middleware-subrequest ' +
    'x-original-method x-original-uri x-original-url x-rewrite-url',
};

describe('isWithheld', () => {
  it.each(Object.entries(names))('keeps back what says %s, in any spelling', (_, list) => {
    for (const name of list.split(' ')) {
      expect([name, isWithheld(name)]).toEqual([name, true]);
      expect([name, isWithheld(name.replaceAll('-', '_'))]).toEqual([name, true]);
    }
  });

  it.each(['content-encoding', 'content-type', 'idempotency-key'])(
    'keeps back %s in any spelling but its own, in which it was judged',
    (name) => {
      expect(isWithheld(name)).toBe(false);
      expect(isWithheld(name.replace('-', '_'))).toBe(true);
    },
  );

  it.each(['accept', 'range', 'x-anything', 'my-x-forwarded-for', 'x-user'])(
    'lets %s go on',
    (name) => {
      expect(isWithheld(name)).toBe(false);
    },
  );
});
