import type { Access } from '../contract.ts';
import { type Exchange, matchOf } from '../exchange.ts';
import type { Middleware } from '../middleware.ts';
import type { AdmitByAny, SignIn } from '../parts.ts';

interface Dependencies {
  /** The sign-in methods of the contract, by name. */
  readonly signIn: Readonly<Record<string, Pick<SignIn, 'authenticate'>>>;
  /** Undefined: no route of the contract has several sign-in methods. */
  readonly admitByAny: AdmitByAny | undefined;
}

/**
 * Verifies the credentials that the route asks for. On a route with one sign-in method, the read of the session is
 * started, but not awaited; on one with several, `caller` is already decided.
 */
export const authenticate = ({ signIn, admitByAny }: Dependencies): Middleware => {
  const authenticateBy = (method: string, exchange: Exchange): Promise<void> => {
    const found = signIn[method];
    if (found === undefined) throw new TypeError(`No sign-in method is named ${method}`);
    return found.authenticate(exchange);
  };

  const findCaller = async (
    { alternatives }: Extract<Access, { kind: 'signed-in' }>,
    exchange: Exchange,
  ): Promise<void> => {
    if (admitByAny === undefined) throw new TypeError('A route has several sign-in methods');
    exchange.caller = await admitByAny(alternatives, exchange, (method) =>
      authenticateBy(method, exchange),
    );
  };

  return {
    // Not async: a route with one method waits for no promise but the method's own.
    before: ({ context: { exchange } }) => {
      const { access } = matchOf(exchange).route;
      if (access.kind === 'public') return;
      return access.method === undefined
        ? findCaller(access, exchange)
        : authenticateBy(access.method, exchange);
    },
    /** No read continues after its invocation: Lambda freezes the process as soon as the response is sent. */
    onError: ({ context: { exchange } }) => settled(exchange),
  };
};

const settled = async ({ session }: Exchange): Promise<void> => {
  await session?.catch(() => undefined);
};
