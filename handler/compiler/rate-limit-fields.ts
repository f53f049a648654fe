/** draft-ietf-httpapi-ratelimit-headers-11, as the published document declares them. */
export const rateLimitFields = {
  'RateLimit-Policy': {
    description: 'q requests in w seconds',
    schema: { type: 'string' },
  },
  RateLimit: {
    description: 'r requests left, t seconds to the next',
    schema: { type: 'string' },
  },
};
