const ignore = (): void => undefined;

/**
 * A stream that breaks says so by an event, after the write that broke it is long over, and an event that nobody hears
 * ends the process: a log that nobody reads any more, or a full disk, would take the requests with it.
 */
export const surviveBrokenOutput = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  }
};
