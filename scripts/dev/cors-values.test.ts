import { describe, expect, it } from '@jest/globals';
import { resolveCors } from './cors-values.ts';

const policy = {
  allow_origins: ['https://app.example.com', '${origins}'],
  allow_methods: ['GET'],
  allow_headers: [],
  expose_headers: [],
  allow_credentials: false,
  max_age_seconds: 60,
};

describe('the CORS policy of the development server', () => {
  it.each([
    [
      { origins: 'http://localhost:5173, https://b.example' },
      ['https://app.example.com', 'http://localhost:5173', 'https://b.example'],
      ['https://app.example.com', 'http://localhost:5173', 'https://b.example'],
    ],
    [{}, ['https://app.example.com', 'http://*'], ['https://app.example.com']],
  ])('with the values %j has the origins %j', (values, allow_origins, sessionOrigins) => {
    expect(resolveCors({ cors: policy }, values)).toMatchObject({
      policy: { ...policy, allow_origins },
      sessionOrigins,
    });
  });

  it('does not exist where the contract has none', () => {
    expect(resolveCors({ cors: null }, {})).toMatchObject({
      policy: null,
      sessionOrigins: [],
    });
  });

  it('is the gateway’s own where policies differ, and gets its values in a variable', () => {
    const summary = {
      cors: null,
      cors_origins: ['https://app.example.com', '${admins}', '${partners}'],
    };
    expect(resolveCors(summary, { admins: 'https://a.example' })).toEqual({
      policy: null,
      sessionOrigins: ['https://app.example.com', 'https://a.example'],
      values: { admins: 'https://a.example', partners: 'http://*' },
    });
  });
});
