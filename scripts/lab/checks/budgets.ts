/**
 * What the function may weigh, beside what a request causes (`scripts/operations/cost/per-request.json`). Counted, not timed, so that
 * a test can hold it on any machine; times are for `make bench`. A change that needs more raises its figure and says why.
 */
export const budgets = {
  /** Of the example contract: 49.9 when this was set. */
  zipKib: 50,
  /** Node's own, loaded by the first answer: 178, of which a handler that does nothing has 108. */
  builtInModules: 180,
  dynamoDbCallsPerForgedToken: 0,
  /** CloudWatch bills logs by the byte: on a busy second, a request's line and its share of the metrics. */
  logBytesPerRequest: 384,
  /** After a collection: 7.9, of which Node's own and the runtime's are 4.3. */
  heapMibAfter1000Requests: 9,
} as const;
