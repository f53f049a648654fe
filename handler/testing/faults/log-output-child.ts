import { createHash } from 'node:crypto';
import { start } from '../../src/index.ts';
import { lambdaContext } from '../events.ts';
import type { Cell } from './fault-table.ts';
import { eventOf, withDependencies } from './run-cell.ts';

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

const cell = (method: 'GET' | 'POST'): Cell => ({ dependency: 'upstream', fault: 'none', method });

await withDependencies(cell('GET'), async ({ variables }) => {
  const gateway = start(variables, Date.now);
  const bodies = createHash('sha256');
  const statuses: Record<string, number> = {};
  for (let index = 0; index < requests; index += 1) {
    const method = index % 2 === 0 ? 'GET' : 'POST';
    const event = await eventOf(cell(method), `request-${index}`);
    const { statusCode, body } = await gateway(event, lambdaContext());
    const key = `${method} ${statusCode}`;
    statuses[key] = (statuses[key] ?? 0) + 1;
    bodies.update(String(body));
  }
  process.send?.({ statuses, bodies: bodies.digest('hex') }, () => process.exit(0));
});
