import { CommandError } from '../../stack/command-line/command-error.ts';
import { timedOutInvocation } from './timed-out-invocation.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Which lines are wanted: of a request, a route, a status (`404`, `5xx`) or a user; all that are named must fit. */
export const readLogFilter = (variables: Variables): ((message: string) => boolean) => {
  const status = variables['STATUS'] || undefined;
  if (status !== undefined && !/^[1-5](\d\d|xx)$/.test(status)) {
    throw new CommandError(
      `STATUS is "${status}"; it is a status or a class of them, such as 404 or 5xx.`,
    );
  }
  const wanted = {
    correlation_id: variables['REQUEST_ID'] || undefined,
    route: variables['ROUTE'] || undefined,
    user_id: variables['USER_ID'] || undefined,
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

/** An invocation that Lambda ended is found by its id, and among the 5xx: API Gateway answers it with one. */
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
