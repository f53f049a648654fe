import type { Exchange } from '../../exchange.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { createRecent } from '../../memory/recent.ts';
import type { SignIn, SignInMethod } from '../../parts.ts';
import type { Session } from '../../stores/sessions/session.ts';
import { type ClientCertificate, readCertificate } from './client-certificate.ts';

declare module '../../contract.ts' {
  interface SignInNames {
    /** One for each security scheme: each has consumers of its own. */
    readonly [scheme: `mutualTls:${string}`]: true;
  }
}

/** The consumers of a contract by `sha256:…`, `san:…` or `subject:…` of their certificates, each in its canonical form. */
export type CertificateConsumers = Readonly<
  Record<string, { readonly consumer: string; readonly scopes: readonly string[] }>
>;

/** Consumers whose certificates the contract names. What names one certificate alone counts before what may name several. */
export const mutualTlsByContract =
  (consumers: CertificateConsumers): SignInMethod =>
  () =>
  ({ now }) =>
    signInBy(now, async ({ sha256, alternativeNames, subject }) => {
      const keys = [
        `sha256:${sha256}`,
        ...alternativeNames.map((name) => `san:${name}`),
        `subject:${subject}`,
      ];
      const found = keys.find((key) => Object.hasOwn(consumers, key));
      const named = found === undefined ? undefined : consumers[found];
      if (named === undefined)
        throw invalid('the contract names no consumer with this certificate');
      const { consumer, scopes } = named;
      return { userId: consumer, consumer, roles: [], scopes };
    });

/** Consumers whose certificates are items of the credentials table, `certificate/<SHA-256 in hex>`. */
export const mutualTlsByStore: SignInMethod =
  () =>
  ({ credentials, now }) =>
    signInBy(now, async ({ sha256 }, { deadlineMs }) => {
      const found = await credentials.find(`certificate/${sha256}`, deadlineMs);
      if ('problem' in found) throw invalid(found.problem);
      const { consumer, plan, scopes, expiresAtMs } = found;
      if (expiresAtMs !== undefined && expiresAtMs <= now()) throw expired('the item has expired');
      credentials.noteUse(found, deadlineMs);
      return { userId: consumer, consumer, plan, roles: [], scopes };
    });

/**
 * API Gateway has verified the certificate against the trust store during the handshake, and passes it on. It does so at
 * its custom domain alone: the API's own address asks for none, and its events have none.
 */
const signInBy = (
  now: () => number,
  sessionOf: (certificate: ClientCertificate, exchange: Exchange) => Promise<Session>,
): SignIn => {
  // A client sends the same one with each request, and parsing costs more than all else here.
  const known = createRecent<ClientCertificate>(maxKnown);
  return {
    authenticate: async (exchange) => {
      const pem = exchange.platform?.authentication?.clientCert?.clientCertPem;
      if (!pem) throw missing();
      const certificate = known.get(pem, () => parsed(pem));
      if (!(certificate.notBeforeMs <= now())) throw invalid('the certificate is not valid yet');
      if (!(now() <= certificate.notAfterMs)) throw expired('the certificate has expired');
      const session = await sessionOf(certificate, exchange);
      exchange.claims = session;
      exchange.session = Promise.resolve(session);
    },
    checks: {},
  };
};

/** Certificates are 1 to 4 KB each. */
const maxKnown = 1_000;

const parsed = (pem: string): ClientCertificate => {
  try {
    return readCertificate(pem);
  } catch {
    throw invalid('API Gateway passes something that is no certificate');
  }
};

/** RFC 9110 §11.6.1 requires a challenge; none is registered for certificates. */
const challenge = { 'www-authenticate': 'MutualTls realm="postern"' };

const missing = (): GatewayError =>
  new GatewayError('CREDENTIALS_MISSING', {
    detail: 'Connect with a client certificate.',
    headers: challenge,
    note: 'API Gateway passes no certificate: the domain has no trust store, or the request came by the API’s own address',
  });

const invalid = (note: string): GatewayError =>
  new GatewayError('CREDENTIALS_INVALID', {
    detail: 'Connect with a client certificate that this API accepts.',
    headers: challenge,
    note,
  });

const expired = (note: string): GatewayError =>
  new GatewayError('CREDENTIALS_EXPIRED', {
    detail: 'Connect with a client certificate that has not expired.',
    headers: challenge,
    note,
  });
