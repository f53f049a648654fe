import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CacheTestBench,
  readCacheTests,
  startCacheTestBench,
} from '../../../testing/cache-tests/run-cache-test.ts';

/** Required tests of `cache-tests` that do not apply, each with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'headers-store-Clear-Site-Data': 'a service cannot clear the data of the whole origin',
  'headers-store-Set-Cookie': 'a response with cookies is stored only if it says "public"',
  'invalidate-M-SEARCH': 'OpenAPI has no such method',
  'partial-use-headers': 'requests for ranges go to the service',
  'partial-use-stored-headers': 'requests for ranges go to the service',
};

const tests = (await readCacheTests()).filter(
  ({ kind = 'required', browser_only, cdn_only }) =>
    kind === 'required' && !browser_only && !cdn_only,
);

describe('a cache by RFC 9111', () => {
  let bench: CacheTestBench;
  beforeAll(async () => {
    bench = await startCacheTestBench();
  });
  afterAll(() => bench.stop());

  it.each(tests.map((test) => [test.id, test] as const))(
    'passes the required test %s',
    async (id, test) => {
      const outcome = await bench.run(test);
      if (id in exceptions) expect(outcome).not.toBe('passed');
      else expect(outcome).toBe('passed');
    },
  );
});
