import { afterEach, describe, expect, it } from '@jest/globals';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { responseOf, rawUpstream, type RawUpstream } from '../../testing/raw-upstream.ts';
import { oneReadBuffer } from './one-read-buffer.ts';

describe('one buffer for all reads', () => {
  let upstream: RawUpstream;
  const settings = { keepAlive: true, onread: oneReadBuffer };
  const agent = new http.Agent(settings);
  afterEach(async () => {
    agent.destroy();
    await upstream.close();
  });

  const get = (): Promise<{ readonly text: string; readonly reads: readonly Buffer[] }> =>
    new Promise((resolve, reject) => {
      const reads: Buffer[] = [];
      const note = (data: Buffer): number => reads.push(data);
      const outgoing = http.get({ agent, host: '127.0.0.1', port: upstream.url.port });
      outgoing.on('socket', (socket) => {
        socket.on('data', note);
        outgoing.on('close', () => socket.off('data', note));
      });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ text: Buffer.concat(chunks).toString(), reads }));
      });
    });

  it('receives all responses, and is no part of their bodies', async () => {
    let count = 0;
    upstream = await rawUpstream((_request, socket) => {
      count += 1;
      socket.write(responseOf('200 OK', String(count).repeat(500_000)));
    });
    const [first, second] = [await get(), await get()];
    expect([first.text, second.text]).toEqual(['1'.repeat(500_000), '2'.repeat(500_000)]);
    const reads = [...first.reads, ...second.reads];
    expect(reads.length).toBeGreaterThan(3);
    expect(new Set(reads.map(({ buffer }) => buffer)).size).toBe(1);
    expect(upstream.connections()).toBe(1);
  });

  it('reports the end of a connection', async () => {
    upstream = await rawUpstream((_request, socket) => socket.end(responseOf('200 OK', 'last')));
    const first = await get();
    await sleep(50);
    expect([first.text, (await get()).text]).toEqual(['last', 'last']);
    expect(upstream.connections()).toBe(2);
  });
});
