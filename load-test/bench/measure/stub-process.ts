import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fixture } from '../fixture.ts';
import { benchFolder, workFolder } from '../folders.ts';
import type { Observed, StubPorts } from '../stub/protocol.ts';
import { linesOf } from './lines.ts';

export interface Stub {
  readonly ports: StubPorts;
  /** All requests since the last call. Throws if a candidate sent a request that AWS would refuse. */
  readonly observe: () => Promise<Observed>;
  readonly stop: () => void;
}

/** DynamoDB, Secrets Manager and the upstream, in a process of their own. */
export const startStub = async (fixture: Fixture): Promise<Stub> => {
  const file = join(workFolder, 'fixture.json');
  writeFileSync(file, JSON.stringify(fixture));
  const child = spawn(process.execPath, [join(benchFolder, 'stub/main.ts'), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { NODE_NO_WARNINGS: '1' },
  });
  const line = await linesOf(child.stdout)();
  if (line === undefined) {
    child.kill();
    throw new Error('The stub of AWS and the upstream did not start');
  }
  const ports = JSON.parse(line) as StubPorts;
  return {
    ports,
    observe: async () => {
      const response = await fetch(`http://127.0.0.1:${ports.control}`);
      const observed = (await response.json()) as Observed;
      if (observed.refusals.length > 0) {
        const distinct = [...new Set(observed.refusals)].join('\n  ');
        throw new Error(`AWS would have refused what was sent:\n  ${distinct}`);
      }
      return observed;
    },
    stop: () => {
      child.stdin.end();
    },
  };
};
