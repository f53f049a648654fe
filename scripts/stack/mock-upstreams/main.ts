import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Contract } from '../../../handler/src/contract.ts';
import { startMockUpstreams } from './mock-upstreams.ts';

/** `node main.ts <port> <pid file> <generated folder>`: mocks of a built contract's upstreams, until it is ended. */
const [port = '', pidFile = '', generatedFolder = ''] = process.argv.slice(2);
const module = pathToFileURL(join(generatedFolder, 'contract.js')).href;
const { contract } = (await import(module)) as { readonly contract: Contract };
const openapi = readFileSync(join(generatedFolder, 'openapi.json'), 'utf8');
const mocks = await startMockUpstreams(Number(port));
mocks.serve(contract, JSON.parse(openapi) as object);

process.on('SIGTERM', () => {
  mocks.close();
  rmSync(pidFile, { force: true });
});
