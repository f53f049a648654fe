import type { Arguments } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { timedOutInvocation } from './timed-out-invocation.ts';

export const logFilterArguments = ['REQUEST_ID', 'ROUTE', 'STATUS', 'USER_ID'] as const;

/** Which lines are wanted: of a request, a route, a status (`404`, `5xx`) or a user; all that are named must fit. */
export const readLogFilter = ({
  REQUEST_ID,
  ROUTE,
  STATUS: status,
  USER_ID,
}: Arguments<(typeof logFilterArguments)[number]>): ((message: string) => boolean) => {
  if (status !== undefined && !/^[1-5](\d\d|xx)$/.test(status)) {
    throw new CommandError(
      `STATUS is "${status}"; it is a status or a class of them, such as 404 or 5xx.`,
    );
  }
  const wanted = {
    correlation_id: REQUEST_ID,
    route: ROUTE,
    user_id: USER_ID,
  };
  const tests = [
    ...Object.entries(wanted).flatMap(([field, value]) =>
      value === undefined ? [] : [(line: Line) => line[field] === value],
    ),
    ...(status === undefined
      ? []
      : [
          (line: Line) =>
            new RegExp(`^${status.replace('xx', '..')}$`).test(String(line['status_code'])),
        ]),
  ];
  return (message) => tests.length === 0 || tests.every((fits) => fits(lineOf(message)));
};

/** An invocation that Lambda ended is found by its id, and among the 5xx: API Gateway responds with one. */
const lineOfTimeout = (message: string): Line | undefined => {
  const timedOut = timedOutInvocation(message);
  return timedOut && { correlation_id: timedOut.requestId, status_code: 503 };
};

type Line = Readonly<Record<string, unknown>>;

const lineOf = (message: string): Line => {
  const timeout = lineOfTimeout(message);
  if (timeout !== undefined) return timeout;
  try {
    return { ...(JSON.parse(message) as object) };
  } catch {
    return {};
  }
};
