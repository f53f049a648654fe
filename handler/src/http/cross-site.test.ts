import { describe, expect, it } from '@jest/globals';
import { assertNotCrossSite } from './cross-site.ts';

const allowedOrigins = new Set(['https://app.example.com', 'http://127.0.0.1:4566']);
const judge = (headers: Record<string, string>, method = 'POST'): (() => void) => {
  return () => assertNotCrossSite({ method, headers, host: 'api.example.com' }, allowedOrigins);
};

describe('a request with the session cookie', () => {
  it.each<[string, Record<string, string>]>([
    ['of a page of the API itself', { origin: 'https://api.example.com' }],
    [
      'of a page of an allowed origin',
      { origin: 'https://app.example.com', 'sec-fetch-site': 'same-site' },
    ],
    ['of a page of the local stack', { origin: 'http://127.0.0.1:4566' }],
    ['of a form of a page without referrer', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['without Origin, from its own origin', { 'sec-fetch-site': 'same-origin' }],
    ['without Origin, from the address bar', { 'sec-fetch-site': 'none' }],
    ['of no browser', {}],
  ])('passes: %s', (_, headers) => {
    expect(judge(headers)).not.toThrow();
  });

  it.each<[string, Record<string, string>]>([
    ['of a page of another site', { origin: 'https://evil.example' }],
    [
      'of a page of another site, by the browser’s word as well',
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    ],
    [
      'of a page of another host of the site',
      { origin: 'https://other.example.com', 'sec-fetch-site': 'same-site' },
    ],
    ['of a page over http', { origin: 'http://api.example.com' }],
    ['of a page on another port', { origin: 'https://api.example.com:8443' }],
    ['of an origin that begins alike', { origin: 'https://api.example.com.evil.example' }],
    ['of an origin that ends alike', { origin: 'https://evil-app.example.com' }],
    ['of two origins', { origin: 'https://app.example.com,https://evil.example' }],
    ['of an opaque origin', { origin: 'null' }],
    ['of an opaque origin of another site', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['of an opaque origin from nowhere', { origin: 'null', 'sec-fetch-site': 'none' }],
    ['of an empty origin', { origin: '' }],
    ['without Origin, from another site', { 'sec-fetch-site': 'cross-site' }],
    ['without Origin, from another host of the site', { 'sec-fetch-site': 'same-site' }],
    ['without Origin, from a place not known yet', { 'sec-fetch-site': 'new-word' }],
    [
      'whose origin contradicts the browser’s word',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
  ])('is refused: %s', (_, headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPPATCH', 'post']) {
      expect(judge(headers, method)).toThrow(
        expect.objectContaining({ code: 'CROSS_SITE_REQUEST', status: 403 }),
      );
    }
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])('is never refused as a %s', (method) => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect(judge(headers, method)).not.toThrow();
  });
});
