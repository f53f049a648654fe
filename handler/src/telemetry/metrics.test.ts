import { describe, expect, it } from '@jest/globals';
import { standardOutput } from '../../testing/captured-output.ts';
import { createMetrics } from './metrics.ts';

interface EmfLine {
  readonly _aws: {
    readonly CloudWatchMetrics: ReadonlyArray<{
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: ReadonlyArray<{ readonly Name: string; readonly Unit: string }>;
    }>;
  };
  readonly [key: string]: unknown;
}

describe('createMetrics', () => {
  it('writes one EMF line per set of dimensions, only with dimensions of the catalogue', () => {
    const lines = standardOutput(() => {
      const metrics = createMetrics({ gateway: 'postern-dev', environment: 'dev' });
      metrics.add('requests', 1, { route: 'GET /a' });
      metrics.add('latency', 12, { route: 'GET /a' });
      metrics.add('coldStarts', 1);
      metrics.endRequest(0);
    }) as EmfLine[];
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      Gateway: 'postern-dev',
      Environment: 'dev',
      Route: 'GET /a',
      Requests: 1,
      Latency: 12,
    });
    expect(lines[0]?._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'Postern',
        Dimensions: [['Gateway', 'Environment', 'Route']],
        Metrics: [
          { Name: 'Requests', Unit: 'Count' },
          { Name: 'Latency', Unit: 'Milliseconds' },
        ],
      },
    ]);
    expect(lines[1]?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['Gateway', 'Environment']]);
  });

  it('writes at once when requests are rare, else once per second with every value', () => {
    const lines = standardOutput(() => {
      const metrics = createMetrics({ gateway: 'postern-dev', environment: 'dev' });
      for (let request = 0; request < 40; request += 1) {
        metrics.add('latency', request, { route: 'GET /a' });
        metrics.endRequest(request * 50);
      }
      metrics.add('latency', 99, { route: 'GET /a' });
      metrics.endRequest(10_000);
    }) as EmfLine[];
    expect(lines.map((line) => line['Latency'])).toEqual([
      0,
      Array.from({ length: 20 }, (_, index) => index + 1),
      [...Array.from({ length: 19 }, (_, index) => index + 21), 99],
    ]);
  });

  const tenRequestsASecond = (seconds: number, failedAtMs?: number): readonly number[] => {
    const writtenAtMs: number[] = [];
    const metrics = createMetrics({ gateway: 'postern-dev', environment: 'dev' });
    for (let nowMs = 0; nowMs <= seconds * 1_000; nowMs += 100) {
      metrics.add('requests', 1, { route: 'GET /a' });
      if (nowMs === failedAtMs) metrics.add('serverErrors', 1, { route: 'GET /a' });
      const written = standardOutput(() => metrics.endRequest(nowMs));
      if (written.length > 0) writtenAtMs.push(nowMs);
    }
    return writtenAtMs;
  };

  it('waits for a tenth of the time it has been busy, at most ten seconds', () => {
    const writtenAtMs = tenRequestsASecond(200);
    expect(writtenAtMs.slice(0, 11)).toEqual(
      Array.from({ length: 11 }, (_, second) => second * 1_000),
    );
    writtenAtMs.slice(1).forEach((nowMs, index) => {
      const waited = nowMs - (writtenAtMs[index] ?? 0);
      expect(waited).toBeLessThanOrEqual(Math.min(Math.max(nowMs / 10, 1_000), 10_000) + 100);
    });
    expect(writtenAtMs.length).toBeLessThan(45);
  });

  it('writes a failure at once even when busy', () => {
    expect(tenRequestsASecond(100)).not.toContain(97_300);
    expect(tenRequestsASecond(100, 97_300)).toContain(97_300);
  });

  it('loses a metric, not the request, when standard output is closed', () => {
    const metrics = createMetrics({ gateway: 'postern-dev', environment: 'dev' });
    metrics.add('requests', 1, { route: 'GET /a' });
    expect(() => standardOutput(() => metrics.endRequest(0), { broken: true })).not.toThrow();
  });
});
