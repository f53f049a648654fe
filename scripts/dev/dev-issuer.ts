import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Algorithm } from '../../handler/src/openid/key-set.ts';
import type { TokenPolicy } from '../../handler/src/sign-in/jwt/policy.ts';
import type {
  IssuerKeyStore,
  PublishedKeys,
} from '../../handler/src/stores/issuer-keys/issuer-key-store.ts';
import { createMemoryIssuerKeys } from '../../handler/src/stores/issuer-keys/memory-issuer-keys.ts';
import type { Consumer } from './dev-credentials.ts';

export interface DevIssuer {
  /** Holds the keys of this issuer as if every provider had published them, beside those that it did publish. */
  readonly store: IssuerKeyStore;
  /** Before a gateway with these policies uses the store. */
  prepare(policies: readonly TokenPolicy[]): void;
  /** An access token that a policy accepts, with the scopes, or as many roles. The same one for the same arguments. */
  tokenOf(policy: TokenPolicy, user: Consumer): Promise<string>;
}

const lifetimeSeconds = 24 * 3_600;

interface DevKey {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK & { readonly kid: string };
}

/** Issues access tokens in place of any provider, which need not be reachable. Tokens of the provider are valid, too. */
export const createDevIssuer = (now: () => number): DevIssuer => {
  const memory = createMemoryIssuerKeys();
  const keys = new Map<Algorithm, Promise<DevKey>>();
  const tokens = new Map<string, Promise<string>>();

  const keyFor = (alg: Algorithm): Promise<DevKey> => {
    const key = keys.get(alg) ?? generateKey(alg);
    keys.set(alg, key);
    return key;
  };

  const withOwn = async (published: PublishedKeys | undefined): Promise<PublishedKeys> => {
    const own = (await Promise.all(keys.values())).map(({ jwk }) => jwk);
    const { keys: others = [] } = JSON.parse(published?.json ?? '{}') as { keys?: JWK[] };
    const kept = others.filter(({ kid }) => own.every((each) => each.kid !== kid));
    return { json: JSON.stringify({ keys: [...own, ...kept] }), readAtMs: now() };
  };

  const sign = async (policy: TokenPolicy, { name, scopes, plan }: Consumer) => {
    const [alg = 'RS256'] = policy.algorithms;
    const { privateKey, jwk } = await keyFor(alg);
    const [scope = 'scope'] = policy.scopes;
    const nowSeconds = Math.floor(now() / 1_000);
    return new SignJWT({
      ...Object.fromEntries(Object.values(policy.claims).map((claim) => [claim, 'dev'])),
      iss: policy.issuer,
      ...(policy.audiences[0] !== undefined && { aud: policy.audiences[0] }),
      client_id: policy.clients[0] ?? 'dev',
      [policy.userId]: name,
      ...(policy.lists === 'scopes' && { [scope]: scopes.join(' ') }),
      ...(policy.roles !== undefined && { [policy.roles]: scopes }),
      ...(policy.plan !== undefined && plan !== undefined && { [policy.plan]: plan }),
      iat: nowSeconds,
      exp: nowSeconds + lifetimeSeconds,
    })
      .setProtectedHeader({ alg, typ: 'at+jwt', kid: jwk.kid })
      .sign(privateKey);
  };

  return {
    store: {
      ...memory,
      find: async (source, deadlineMs) => {
        const stored = await memory.find(source, deadlineMs);
        return { claimedAtMs: {}, ...stored, keys: await withOwn(stored?.keys) };
      },
      keep: async (source, published, deadlineMs) =>
        memory.keep(source, await withOwn(published), deadlineMs),
    },
    prepare: (policies) => {
      for (const { algorithms } of policies)
        for (const alg of algorithms.slice(0, 1)) void keyFor(alg);
    },
    tokenOf: (policy, user) => {
      const args = JSON.stringify([policy, user]);
      const token = tokens.get(args) ?? sign(policy, user);
      tokens.set(args, token);
      return token;
    },
  };
};

const generateKey = async (alg: Algorithm): Promise<DevKey> => {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const jwk = { ...(await exportJWK(publicKey)), kid: `postern-dev-${alg}`, alg };
  return { privateKey, jwk };
};
