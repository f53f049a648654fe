import { CommandError } from '../../stack/command-line/command-error.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { beginSession } from '../../operations/sessions/begin-session.ts';

/** A token as a login service gives it out. */
export const signIn = (environment: Environment): Promise<string> =>
  beginSession(environment, { userId: 'alice', roles: ['user'], lifetimeSeconds: 3_600 });

/** What a route that needs a session answers. */
export const statusFor = async (baseUrl: string, token: string): Promise<number> => {
  const { status } = await fetch(`${baseUrl}/api/v1/users`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(30_000),
  });
  return status;
};

/** Throws where a route that needs a session answers otherwise. */
export const requireStatus = async (
  baseUrl: string,
  token: string,
  wanted: number,
): Promise<void> => {
  const status = await statusFor(baseUrl, token);
  if (status !== wanted)
    throw new CommandError(`GET /api/v1/users answers ${status}; ${wanted} was expected.`);
};
