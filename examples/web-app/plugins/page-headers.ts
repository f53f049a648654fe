import { definePlugin } from 'postern/plugin';

/** What the page may load and do. The gateway's own policy is for an API, which loads nothing. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

export default definePlugin({
  create: () => ({
    after: ({ response }) => {
      if (response === undefined) return;
      // A 304 as well: its headers replace those that the browser has stored.
      response.headers = {
        ...response.headers,
        'content-security-policy': policy,
        'cross-origin-opener-policy': 'same-origin',
      };
    },
  }),
});
