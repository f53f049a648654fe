import { createHash } from 'node:crypto';
import { start } from '../../src/index.ts';
import { lambdaContext } from '../events.ts';
import type { Cell } from './fault-table.ts';
import { eventOf, startDependencies, variablesOf } from './run-cell.ts';

/**
 * A process that serves requests with the standard output that its parent created, and sends the statuses and a hash of
 * all response bodies to the parent.
 */
const requests = 400;

if (process.argv[2] === 'throwing') {
  process.stdout.write = () => {
    throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  };
}

const cell = (method: 'GET' | 'POST'): Cell => ({
  dependency: 'upstream',
  fault: 'none',
  method,
});
const servers = await startDependencies(cell('GET'));
const gateway = start(variablesOf('log-output', 'upstream', servers), Date.now);
const bodies = createHash('sha256');
const statuses: Record<string, number> = {};
for (let index = 0; index < requests; index += 1) {
  const method = index % 2 === 0 ? 'GET' : 'POST';
  const { statusCode, body } = await gateway(
    await eventOf(cell(method), `request-${index}`),
    lambdaContext(),
  );
  const key = `${method} ${statusCode}`;
  statuses[key] = (statuses[key] ?? 0) + 1;
  bodies.update(String(body));
}
process.send?.({ statuses, bodies: bodies.digest('hex') }, () => process.exit(0));
