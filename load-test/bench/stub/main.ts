import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fixture } from '../fixture.ts';
import { startBenchAws } from './aws.ts';
import type { Observed, StubPorts } from './protocol.ts';
import { createUpstreamStub } from './upstream.ts';

const fixture = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Fixture;
const aws = await startBenchAws(fixture);
const upstream = createUpstreamStub();
const control = createServer((_request, response) => {
  const observed: Observed = {
    ...aws.takeReport(),
    upstreamConnections: upstream.takeConnections(),
  };
  response.end(JSON.stringify(observed));
});

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const ports: StubPorts = {
  aws: aws.port,
  upstream: await listening(upstream.server),
  control: await listening(control),
};
console.log(JSON.stringify(ports));
// Ends with the process that started it, however that one ended.
process.stdin.resume().on('end', () => process.exit());
