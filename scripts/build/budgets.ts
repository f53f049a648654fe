/**
 * What a signed-in request, and the function that answers it, may cost. Counted, not timed, so that `make test` can hold
 * it on any machine; times are for `make bench`. A change that needs more raises its figure here and says why.
 */
export const budgets = {
  /** Without a code cache; 48 when this was set. */
  zipKib: 64,
  /** Node's own, loaded by the first answer: 178, of which a handler that does nothing has 108. */
  builtInModules: 180,
  dynamoDbReadsPerRequest: 1,
  dynamoDbWritesPerRequest: 1.1,
  dynamoDbCallsPerForgedToken: 0,
  /** CloudWatch bills logs by the byte: 325, and on a busy second 350 with the request's share of the metrics. */
  accessLogBytes: 384,
  /** The line that a request has to itself where it is alone in its second: 365. */
  metricsBytes: 400,
  /** After a collection: 7.9, of which Node's own and the runtime's are 4.3. */
  heapMibAfter1000Requests: 9,
} as const;
