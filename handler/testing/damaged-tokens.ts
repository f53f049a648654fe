import { createSecretKey, randomBytes } from 'node:crypto';
import { signToken, verifyToken } from '../src/sign-in/session/token.ts';
import { type Random, seededRandom } from './random.ts';

export interface DamagedTokens {
  readonly tokens: number;
  readonly damaged: number;
  /** The damaged tokens that were accepted. The keys are new each time; everything else depends on the seed. */
  readonly taken: readonly string[];
}

/** Tokens of all kinds of users, each with every single bit flipped and truncated at every position. */
export const verifyDamagedTokens = async (tokens: number, seed: number): Promise<DamagedTokens> => {
  const random = seededRandom(seed);
  const nowMs = 1_800_000_000_000;
  const taken: string[] = [];
  let damaged = 0;
  for (let count = 0; count < tokens; count += 1) {
    const key = createSecretKey(randomBytes(32));
    const claims = {
      sessionId: randomBytes(32).toString('base64url'),
      userId: anyText(random),
      expiresAtMs: nowMs + 60_000,
    };
    const token = await signToken(claims, { kid: 'k1', key, nowMs });
    const isTaken = async (text: string): Promise<boolean> =>
      (await verifyToken(text, async (kid) => (kid === 'k1' ? key : undefined), nowMs)).valid;
    if (!(await isTaken(token))) throw new Error(`A genuine token is refused: ${token}`);
    for (const text of damages(token)) {
      damaged += 1;
      if (await isTaken(text)) taken.push(`${text} for ${token}`);
    }
  }
  return { tokens, damaged, taken };
};

function* damages(token: string): Generator<string> {
  for (let length = 0; length < token.length; length += 1) yield token.slice(0, length);
  const bytes = Buffer.from(token, 'latin1');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flip = (): void => void (bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
    flip();
    yield bytes.toString('latin1');
    flip();
  }
}

/** Of one to forty characters, from the whole of the basic plane but surrogates. */
const anyText = (random: Random): string =>
  String.fromCharCode(
    ...Array.from({ length: 1 + Math.floor(random() * 40) }, () => Math.floor(random() * 0xd800)),
  );
