import { describe, expect, it } from '@jest/globals';
import { reads } from '../../load-test/lib/reads.ts';
import { services } from '../demo-upstreams/services.ts';

const demoAnswers = (path: string) =>
  Object.entries(services).map(([service, answer]) => {
    const headers: string[] = [];
    const query = new URLSearchParams();
    const request = { method: 'GET', url: path, path, query, rawHeaders: headers };
    return answer({ service, ...request, body: Buffer.alloc(0) })?.status;
  });

describe('reads', () => {
  it.each(reads)('$path is there at the demo upstreams', ({ path }) => {
    expect(demoAnswers(path)).toContain(200);
  });
});
