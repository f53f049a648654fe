/**
 * Size limits of the function, in addition to the effects of a request (`scripts/operations/cost/per-request.json`).
 * Counted, not timed, so that tests are stable on any machine; `make bench` measures times. A change that needs more
 * raises the figure and explains it.
 */
export const budgets = {
  /** Of the example contract: 49.9 when this was set. */
  zipKib: 50,
  /** Node's own modules loaded by the first response: 178, of which an empty handler has 108. */
  builtInModules: 180,
  dynamoDbCallsPerForgedToken: 0,
  /** CloudWatch bills logs by the byte: on a busy second, a request's line and its share of the metrics. */
  logBytesPerRequest: 384,
  /** After a collection: 7.9, of which Node's own and the runtime's are 4.3. */
  heapMibAfter1000Requests: 9,
} as const;
