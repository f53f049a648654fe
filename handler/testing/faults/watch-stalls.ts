export interface StallWatch {
  /** The longest stall of this process since then, by `performance.now()`. */
  longestSince(startedAtMs: number): number;
  stop(): void;
}

/** Past this, the machine had no time for the process, and timeouts fire for nothing. */
export const maxStallMs = 50;

const tickMs = 10;

/** Detects stalls of the event loop, as on a machine that has no time for this process. */
export const watchStalls = (): StallWatch => {
  const stalls: Array<{ readonly endedAtMs: number; readonly ms: number }> = [];
  let tickedAtMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const ms = nowMs - tickedAtMs - tickMs;
    if (ms > tickMs) stalls.push({ endedAtMs: nowMs, ms });
    tickedAtMs = nowMs;
  }, tickMs);
  return {
    longestSince: (startedAtMs) =>
      Math.max(
        performance.now() - tickedAtMs - tickMs,
        0,
        ...stalls.filter(({ endedAtMs }) => endedAtMs >= startedAtMs).map(({ ms }) => ms),
      ),
    stop: () => clearInterval(timer),
  };
};
