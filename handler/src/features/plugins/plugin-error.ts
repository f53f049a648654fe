import { STATUS_CODES } from 'node:http';
import { GatewayError } from '../../http/gateway-error.ts';

/** How Middy's middlewares report an error to the client, by the convention of `http-errors` and `@middy/util`. */
interface HttpError {
  readonly statusCode: number;
  /** Whether `message` and `headers` may reach the client. */
  readonly expose: boolean;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The response for an error that a plugin throws. A `GatewayError` defines its own response. An error with a `statusCode`
 * from 400 to 599 defines the status, and the message and headers if it exposes them. Any other error is a 500 without
 * details: its message may contain secrets. The log has the plugin's name.
 */
export const pluginErrorOf = (error: unknown, plugin: string): GatewayError => {
  const note = `plugin: ${plugin}`;
  if (error instanceof GatewayError) return noted(error, note);
  const http = httpErrorOf(error);
  if (http === undefined)
    return new GatewayError('PLUGIN_FAILED', { detail: reportIt, cause: error, note });
  const { statusCode, expose, message, headers } = http;
  return new GatewayError('PLUGIN_ERROR', {
    status: statusCode,
    title: STATUS_CODES[statusCode] ?? 'Error',
    detail: expose ? message : reportIt,
    ...(expose && { headers }),
    cause: error,
    note,
  });
};

/** A hook has not finished by the deadline. */
export const pluginTimeout = (): GatewayError =>
  new GatewayError('DEADLINE_EXCEEDED', {
    detail: 'Try again later.',
    headers: { 'retry-after': '1' },
  });

const noted = (error: GatewayError, plugin: string): GatewayError => {
  const note = error.note === undefined ? plugin : `${plugin}: ${error.note}`;
  return new GatewayError(error.code, { ...error, cause: error.cause, note });
};

const reportIt = 'Try again. If the error persists, report the request_id.';

const httpErrorOf = (error: unknown): HttpError | undefined => {
  if (!(error instanceof Error)) return undefined;
  const { statusCode, expose, headers } = error as Partial<Record<keyof HttpError, unknown>>;
  if (!Number.isInteger(statusCode) || Number(statusCode) < 400 || Number(statusCode) > 599)
    return undefined;
  return {
    statusCode: Number(statusCode),
    expose: typeof expose === 'boolean' ? expose : Number(statusCode) < 500,
    message: error.message,
    headers: textsIn(headers),
  };
};

/** Names in lower case, as in every response here; values that are not strings are left out. */
const textsIn = (headers: unknown): Record<string, string> => {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (typeof value === 'string') texts[name.toLowerCase()] = value;
  }
  return texts;
};
