/** Aborts at Ctrl-C and its kin, which then no longer end the process: a release has traffic to move back first. */
export const interrupts = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort());
  }
  return controller.signal;
};
