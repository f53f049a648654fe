import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startCandidate } from '../../../load-test/bench/measure/candidate-process.ts';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('a measured process whose first response is an error is ended, not left behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-candidate-'));
  const script = join(folder, 'fails.cjs');
  // The error contains its id. The process would never end by itself.
  writeFileSync(
    script,
    `require('node:fs').writeSync(3, JSON.stringify({ error: String(process.pid) }) + '\\n');
     setInterval(() => undefined, 1_000);`,
  );
  const started = startCandidate(
    {
      name: 'bare',
      title: 'Failing',
      kind: 'floor',
      command: [process.execPath, script],
      zipBytes: 0,
    },
    { environment: {}, eventFile: script },
  );
  const message = await started.then(String, (error: unknown) => String(error));
  const pid = Number(/Failing: (\d+)/.exec(message)?.[1]);
  expect(pid).toBeGreaterThan(0);
  for (let look = 0; look < 100 && isAlive(pid); look += 1) await sleep(50);
  expect(isAlive(pid)).toBe(false);
});
