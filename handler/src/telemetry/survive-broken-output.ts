const ignore = (): void => undefined;

/**
 * A broken stream emits an error event some time after the failed write, and an error event without a listener ends the
 * process. Without this listener, a closed log pipe or a full disk would fail requests.
 */
export const surviveBrokenOutput = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  }
};
