import { describe, expect, it } from '@jest/globals';
import { missingUpstreams } from './upstream-urls.ts';

const upstreams = ['users', 'order-items'];

describe('missingUpstreams', () => {
  it.each([
    ['upstream_service_urls = {\n}', upstreams],
    [
      'upstream_service_urls = {\n  # users = "https://u"\n  order-items = "https://o/a?b=1"\n}',
      ['users'],
    ],
    [
      'upstream_service_urls = { users = "https://u", "order-items" : "http://127.0.0.1:4567" }',
      [],
    ],
    ['region = "us-east-1"', []],
  ])('reads %j', (tfvars, missing) => {
    expect(missingUpstreams(upstreams, tfvars)).toEqual(missing);
  });
});
