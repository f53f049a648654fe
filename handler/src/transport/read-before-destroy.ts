import type { Socket } from 'node:net';

/**
 * Lets a connection read the received data before a failed write destroys it. When an upstream responds early, for
 * example with 413, and closes, Linux refuses further writes while the response is still in the receive buffer. Node
 * would destroy the socket at the failed write and lose the response.
 */
export const readBeforeDestroy = (socket: Socket): void => {
  const destroy = socket.destroy.bind(socket);
  let isEnding = false;
  /** The next poll reads up to 2 MB. Two turns of the event loop without a byte mean that nothing is left. */
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
