import type { OnReadOpts, Socket } from 'node:net';

/**
 * Has connections read into the same memory, where Node takes 64 KB of its own for each read. What was read is handed on
 * before the next read begins, and Node's HTTP parser copies what it takes of it.
 */
export const oneReadBuffer: OnReadOpts = {
  buffer: Buffer.allocUnsafeSlow(65_536), // As much as Node reads at once; 1 MB was no cheaper by four times that.
  callback(this: Socket, bytes: number, buffer: Uint8Array): boolean {
    this.emit('data', buffer.subarray(0, bytes));
    return true; // Goes on reading.
  },
};
