import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** A compact JWS of Wycheproof, and what a verifier with the key must find. */
export interface WycheproofCase {
  readonly id: number;
  readonly comment: string;
  readonly jws: string;
  readonly result: 'valid' | 'invalid';
  readonly jwk: Jwk;
}

export type Jwk = Readonly<Record<string, unknown>>;

interface Vectors {
  readonly testGroups: ReadonlyArray<{
    readonly private?: Jwk;
    readonly public?: Jwk;
    readonly tests: ReadonlyArray<{
      readonly tcId: number;
      readonly comment: string;
      readonly jws: string | object;
      readonly result: 'valid' | 'invalid';
    }>;
  }>;
}

/**
 * `json_web_signature_test.json` of https://github.com/C2SP/wycheproof, compressed by Brotli; its license is beside it.
 */
export const wycheproofCases = (): readonly WycheproofCase[] => {
  const file = join(import.meta.dirname, 'wycheproof-json-web-signature.json.br');
  const { testGroups } = JSON.parse(brotliDecompressSync(readFileSync(file)).toString()) as Vectors;
  return testGroups.flatMap(({ tests, ...group }) => {
    const jwk = group.public ?? group.private ?? {};
    return tests.flatMap(({ tcId: id, comment, jws, result }) =>
      typeof jws === 'string' ? [{ id, comment, jws, result, jwk }] : [],
    );
  });
};
