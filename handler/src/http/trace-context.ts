import { randomBytes, randomUUID } from 'node:crypto';

/** The trace of a request, in W3C's format and in AWS's. */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  readonly traceparent: string;
  /** Only together with a client's own `traceparent` (W3C Trace Context §3.3). */
  readonly tracestate: string | undefined;
  readonly amznTraceId: string;
  /** Whether the trace is recorded: by the client that started it, or by AWS if it sampled it. */
  readonly isRecorded: boolean;
}

type Headers = Readonly<Record<string, string>>;

/**
 * Continues the client's trace, else API Gateway's, else starts a new one. A `traceparent` is forwarded unchanged: the
 * gateway reports no span, and a parent that is never reported would split the trace.
 *
 * @param lambdaTrace Lambda's trace header for this invocation, if there is one.
 */
export const traceContext = (headers: Headers, lambdaTrace: string | undefined): TraceContext => {
  const fromAws = readAmznTrace(headers['x-amzn-trace-id'], lambdaTrace);
  const given = headers['traceparent'] ?? '';
  if (sound.test(given)) {
    const traceId = given.slice(3, 35);
    const parentId = given.slice(36, 52);
    const isSampled = (parseInt(given.slice(53, 55), 16) & 1) === 1;
    return {
      traceId,
      traceparent: given,
      tracestate: headers['tracestate'],
      amznTraceId: fromAws?.text ?? amznTrace(traceId, parentId, isSampled),
      isRecorded: true,
    };
  }
  const { traceId: newId, parent, isSampled, text } = fromAws ?? begun();
  const parentOrNew = parent ?? newSpanId();
  return {
    traceId: newId,
    traceparent: `00-${newId}-${parentOrNew}-${isSampled ? '01' : '00'}`,
    tracestate: undefined,
    amznTraceId: text ?? amznTrace(newId, parentOrNew, isSampled),
    isRecorded: isSampled,
  };
};

/**
 * W3C Trace Context §3.2: in version 00 the flags are the last field, in later versions more fields may follow; ff is
 * not a version.
 */
const sound =
  /^(?!ff)(?!00.{53}.)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-.*)?$/;

/** From a UUID's random digits: Node caches them, while every call for 8 random bytes goes to OpenSSL. */
const newSpanId = (): string => {
  const uuid = randomUUID();
  return uuid.slice(0, 8) + uuid.slice(-8);
};

interface Origin {
  readonly traceId: string;
  readonly parent?: string | undefined;
  readonly isSampled: boolean;
  readonly text?: string;
}

const begun = (): Origin => ({ traceId: randomBytes(16).toString('hex'), isSampled: false });

/** The trace of the header, with the parent that Lambda reports if both belong to the same trace. */
const readAmznTrace = (
  header: string | undefined,
  lambdaTrace: string | undefined,
): Origin | undefined => {
  const ofLambda = parseAmznTrace(lambdaTrace);
  const ofHeader = parseAmznTrace(header);
  if (ofHeader === undefined) return ofLambda;
  return ofLambda?.traceId === ofHeader.traceId ? ofLambda : ofHeader;
};

const parseAmznTrace = (text = ''): Origin | undefined => {
  const found = root.exec(text);
  if (found === null) return undefined;
  const isSampled = sampled.test(text);
  return { traceId: found.slice(1).join(''), parent: parentOf.exec(text)?.[1], isSampled, text };
};

/** X-Ray's trace id is W3C's with dashes: a version, eight digits of epoch seconds, and the rest. */
const root = /(?:^|;)\s*Root=1-(?!0{8}-0{24})([\da-f]{8})-([\da-f]{24})\s*(?:;|$)/;
const parentOf = /(?:^|;)\s*Parent=(?!0{16})([\da-f]{16})\s*(?:;|$)/;
const sampled = /(?:^|;)\s*Sampled=1\s*(?:;|$)/;

const amznTrace = (traceId: string, parentId: string, isSampled: boolean): string =>
  `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${parentId};Sampled=${isSampled ? '1' : '0'}`;
