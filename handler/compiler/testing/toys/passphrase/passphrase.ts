import { GatewayError } from '../../http/gateway-error.ts';
import type { SignInMethod } from '../../parts.ts';

declare module '../../contract.ts' {
  interface SignInNames {
    readonly passphrase: true;
  }
}

/** Callers who say as many words as the contract requires, in front of those of a setting. */
export const passphrase =
  (words: number): SignInMethod =>
  ({ read }) => {
    const secret = read('GATEWAY_PASSPHRASE', 'the words', (text) => text.split(' '));
    return () => ({
      authenticate: async (exchange) => {
        const said = exchange.request.headers['x-passphrase']?.split(' ');
        if (said === undefined)
          throw new GatewayError('CREDENTIALS_MISSING', { detail: 'Say the words.' });
        if (said.length !== words || said.some((word, index) => word !== secret[index]))
          throw new GatewayError('CREDENTIALS_INVALID', { detail: 'Say the right words.' });
        exchange.claims = { userId: 'guest' };
        exchange.session = Promise.resolve({ userId: 'guest', roles: ['user'] });
      },
      checks: { passphrase: async () => undefined },
    });
  };
