import { describe, expect, it } from '@jest/globals';
import { upstreamUrls } from './upstream-urls.ts';

const urls = { users: new URL('http://localhost:3001') };
const find = (variables: Record<string, string>) =>
  upstreamUrls({ upstreams: ['users', 'user-pictures'], urls, variables });

describe('the URL of an upstream', () => {
  it('is that of dev.yaml unless a variable has another', () => {
    expect(find({})).toEqual({ urls, problems: [] });
    const variables = {
      UPSTREAM_USERS_URL: 'https://staging.example.com',
      UPSTREAM_USER_PICTURES_URL: 'http://localhost:3002/pictures',
      UPSTREAM_OTHER_SERVICE_URL: 'a variable of the deployed function',
    };
    expect(find(variables)).toEqual({
      urls: {
        users: new URL('https://staging.example.com'),
        'user-pictures': new URL('http://localhost:3002/pictures'),
      },
      problems: [],
    });
  });

  it.each([
    [
      { UPSTREAM_USER_URL: 'http://a' },
      'UPSTREAM_USER_URL names no upstream — did you mean "UPSTREAM_USERS_URL"?',
    ],
    [
      { UPSTREAM_USERS_URL: 'localhost' },
      'UPSTREAM_USERS_URL is wrong: "localhost" is not an http or https URL',
    ],
  ])('is a problem in %j', (variables, problem) => {
    expect(find(variables).problems).toEqual([expect.stringContaining(problem)]);
  });
});
