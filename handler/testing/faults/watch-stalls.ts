import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 10;

/** Past this, the machine had no time for the process, and timeouts fire for nothing. */
const maxStallMs = 50;

/** Detects stalls of the event loop, as on a machine that has no time for this process. */
export const watchStalls = () => {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  return {
    /** Since the start, or since `forget`. */
    hasStalled: (): boolean => delays.max / 1e6 - resolutionMs > maxStallMs,
    forget: (): void => delays.reset(),
    stop: (): void => void delays.disable(),
  };
};
