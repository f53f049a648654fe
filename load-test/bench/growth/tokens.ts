import { createSecretKey, randomBytes } from 'node:crypto';
import { signToken } from '../../../handler/src/stores/sessions/session-token.ts';
import { createTokenVerifier } from '../../../handler/src/sign-in/session/token-verifier.ts';

/** CPU of judging a genuine token, when an environment first sees it and from then on. */
export interface TokensPoint {
  readonly first_us: number;
  readonly again_us: number;
}

const count = 2_000;

export const growTokens = async (): Promise<TokensPoint> => {
  const nowMs = Date.now();
  const [kid, key] = ['k1', createSecretKey(randomBytes(32))];
  const keys = {
    find: async () => key,
  };
  const verifier = createTokenVerifier({ keys, now: () => nowMs });
  const makeTokens = () =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        signToken(
          {
            sessionId: randomBytes(32).toString('base64url'),
            userId: `user-${index}`,
            expiresAtMs: nowMs + 3_600_000,
          },
          { kid, key, nowMs },
        ),
      ),
    );
  const judgeAll = async (tokens: readonly string[]): Promise<number> => {
    const before = process.cpuUsage();
    for (const token of tokens) await verifier.verify(token, nowMs + 10_000);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / tokens.length;
  };

  await judgeAll(await makeTokens()); // Compilation must not be counted for a token.
  const tokens = await makeTokens();
  return { first_us: await judgeAll(tokens), again_us: await judgeAll(tokens) };
};
