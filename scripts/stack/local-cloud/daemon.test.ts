import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Daemon, daemonState, ensureRunning, startDaemon, stopDaemon } from './daemon.ts';

let folder: string;
let daemon: Daemon;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-daemon-'));
  daemon = { pidFile: join(folder, 'it.pid'), logFile: join(folder, 'logs', 'it.log') };
});

afterEach(async () => {
  await stopDaemon(daemon);
  rmSync(folder, { recursive: true });
});

const start = (script: string) =>
  startDaemon(daemon, {
    program: process.execPath,
    args: ['-e', script],
    env: {},
    fingerprint: 'v1',
  });

const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 200 && !condition(); i += 1) await sleep(20);
};

describe('a daemon', () => {
  it('runs with its output in its log until it is stopped', async () => {
    expect(daemonState(daemon)).toEqual({ kind: 'stopped' });
    start('console.log("up"); setInterval(() => {}, 1000)');
    await until(() => readFileSync(daemon.logFile, 'utf8') === 'up\n');
    expect(daemonState(daemon)).toEqual({
      kind: 'running',
      pid: expect.any(Number),
      fingerprint: 'v1',
    });
    await stopDaemon(daemon);
    expect(daemonState(daemon)).toEqual({ kind: 'stopped' });
  });

  it('is known to have been killed by the pid file it left', async () => {
    start('setInterval(() => {}, 1000)');
    const state = daemonState(daemon);
    if (state.kind === 'running') process.kill(state.pid, 'SIGKILL');
    await until(() => daemonState(daemon).kind === 'killed');
    expect(daemonState(daemon)).toEqual({ kind: 'killed' });
  });

  it('is not mistaken for another process that got its id', async () => {
    writeFileSync(
      daemon.pidFile,
      JSON.stringify({ pid: process.pid, startedAt: 'another time', fingerprint: 'v1' }),
    );
    expect(daemonState(daemon)).toEqual({ kind: 'killed' });
    await stopDaemon(daemon);
  });

  it('is killed if it does not end on request', async () => {
    start('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)');
    await until(() => readFileSync(daemon.logFile, 'utf8') === 'up\n');
    const state = daemonState(daemon);
    await stopDaemon(daemon, 200);
    await until(() => !isAlive(state.kind === 'running' ? state.pid : 0));
    expect(isAlive(state.kind === 'running' ? state.pid : 0)).toBe(false);
  });
});

describe('a service', () => {
  const startOn = (port: number) =>
    ensureRunning(daemon, {
      ...{ what: 'It', program: process.execPath, env: {}, fingerprint: 'v1', ports: [port] },
      args: ['-e', 'setInterval(() => {}, 1000)'],
      whatToDo: (taken) => `port ${taken} is taken`,
      isUp: () => Promise.resolve(true),
    });

  const takenPort = async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { server, port: (server.address() as AddressInfo).port };
  };

  it('does not start where another program has its port', async () => {
    const { server, port } = await takenPort();
    await expect(startOn(port)).rejects.toThrow(`port ${port} is taken`);
    server.close();
  });

  it('waits until the one before it, which was killed, has given its port back', async () => {
    const { server, port } = await takenPort();
    writeFileSync(daemon.pidFile, '');
    setTimeout(() => server.close(), 300);
    await startOn(port);
    expect(daemonState(daemon)).toMatchObject({ kind: 'running' });
  });
});

/** A zombie of this test's own process counts as ended. */
const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
