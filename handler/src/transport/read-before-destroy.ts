import type { Socket } from 'node:net';

/**
 * Lets a connection read what has arrived before a failed write ends it. When an upstream responds early, such as with
 * 413, and closes, Linux refuses further writes while the response is still in the receive buffer, and Node's socket
 * would be destroyed at the failed write, and the response lost.
 */
export const readBeforeDestroy = (socket: Socket): void => {
  const destroy = socket.destroy.bind(socket);
  let isEnding = false;
  /** The next poll reads what is there, 2 MB at most: two turns of the event loop without a byte mean that nothing is left. */
  const destroyOnceRead = (error: Error, bytesRead: number, idleTurns: number): void => {
    setImmediate(() => {
      const turns = socket.bytesRead === bytesRead ? idleTurns + 1 : 0;
      if (turns === 2) destroy(error);
      else destroyOnceRead(error, socket.bytesRead, turns);
    });
  };
  socket.destroy = (error?: NodeJS.ErrnoException) => {
    if (error?.syscall !== 'write') return destroy(error);
    if (!isEnding) destroyOnceRead(error, socket.bytesRead, 0);
    isEnding = true;
    return socket;
  };
};
