import { rmSync } from 'node:fs';
import { demoServer } from './server.ts';
import { portOf, services } from './services.ts';

/**
 * `LOCAL_SECRET=… node main.ts <port of the local cloud> <pid file>`: all demo services in one process, until it is
 * ended.
 */
const [cloudPort = '', pidFile = ''] = process.argv.slice(2);
const secret = process.env['LOCAL_SECRET'] ?? '';
const servers = Object.entries(services).map(([name, service]) => {
  const server = demoServer(name, service, secret);
  server.listen(portOf(name, Number(cloudPort)), '127.0.0.1');
  return server;
});

process.on('SIGTERM', () => {
  servers.forEach((server) => {
    server.close();
    server.closeAllConnections();
  });
  rmSync(pidFile, { force: true });
});
