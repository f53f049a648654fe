import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readSamples } from './read-samples.ts';

const csv = [
  'metric_name,timestamp,metric_value,expected_response,name,status,extra_tags',
  'http_reqs,1795255200100,1.000000,true,GET /api/v1/users,200,',
  'http_req_duration,1795255200100,40.500000,false,GET /api/v1/users,503,phase=calm',
  'http_req_duration,1795255200200,20.000000,true,GET /api/v1/products,200,',
  '',
].join('\n');

describe('k6’s samples', () => {
  it('are read by their columns, each from its request’s start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-samples-'));
    try {
      const file = join(folder, 'samples.csv.gz');
      writeFileSync(file, gzipSync(csv));
      expect(await readSamples(file)).toEqual([
        {
          startedAtMs: 1_795_255_200_059.5,
          durationMs: 40.5,
          status: 503,
          route: 'GET /api/v1/users',
          isExpected: false,
        },
        {
          startedAtMs: 1_795_255_200_180,
          durationMs: 20,
          status: 200,
          route: 'GET /api/v1/products',
          isExpected: true,
        },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
