import type { OnReadOpts, Socket } from 'node:net';

/**
 * All connections read into the same memory; by default, Node allocates 64 KB for each read. Data is passed on before
 * the next read starts, and Node's HTTP parser copies the part that it keeps.
 */
export const oneReadBuffer: OnReadOpts = {
  buffer: Buffer.allocUnsafeSlow(65_536), // As much as Node reads at once. Four times as much was not faster for 1 MB.
  callback(this: Socket, bytes: number, buffer: Uint8Array): boolean {
    this.emit('data', buffer.subarray(0, bytes));
    return true; // Continues to read.
  },
};
