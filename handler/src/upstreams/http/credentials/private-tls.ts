import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Connections, TlsSettings } from '../../../transport/connections.ts';
import { credentialSecret } from './credential-secret.ts';
import type { Extension } from './extension.ts';

/** The values that have the ARNs of the secrets. */
interface Policy {
  /** Certificates of the authorities that the upstream's certificate may be of, in place of the public ones. */
  readonly ca?: string;
  /** The certificate and the key that the gateway proves itself with. */
  readonly certificate?: string;
}

/**
 * TLS with a private authority, a certificate of the gateway, or both. New secrets are used for new connections, within
 * five minutes.
 */
export const privateTls =
  ({ ca, certificate }: Policy): Extension =>
  (reader) => {
    const openCa = ca === undefined ? undefined : credentialSecret(ca, parseAuthorities, reader);
    const openPair =
      certificate === undefined ? undefined : credentialSecret(certificate, parsePair, reader);
    return (tools, upstream) => {
      const authorities = openCa?.(tools, upstream);
      const pair = openPair?.(tools, upstream);
      return {
        connect: (inner) => (url, options) => {
          let opened: { readonly by: string; readonly connections: Connections } | undefined;
          const connectionsBy = async (deadlineMs: number): Promise<Connections> => {
            const texts = await Promise.all([
              authorities?.current(deadlineMs),
              pair?.current(deadlineMs),
            ]);
            const by = JSON.stringify(texts);
            if (opened?.by !== by) {
              opened?.connections.closeIdle();
              opened = { by, connections: inner(url, { ...options, tls: settingsOf(...texts) }) };
            }
            return opened.connections;
          };
          return {
            send: async (request, deadlineMs) =>
              (await connectionsBy(deadlineMs)).send(request, deadlineMs),
            closeIdle: () => opened?.connections.closeIdle(),
          };
        },
      };
    };
  };

const settingsOf = (ca: string | undefined, pair: string | undefined): TlsSettings => {
  const { certificate, privateKey } = (pair === undefined ? {} : JSON.parse(pair)) as Partial<Pair>;
  return {
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(privateKey !== undefined && { key: privateKey }),
  };
};

/** PEM. */
interface Pair {
  /** With the certificates between it and an authority, if there are some. */
  readonly certificate: string;
  readonly privateKey: string;
}

const parseAuthorities = (text: string): string => {
  const certificates = text.split(/(?=-----BEGIN CERTIFICATE-----)/).filter(isPem);
  try {
    if (certificates.length === 0) throw new TypeError();
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch {
    throw new TypeError('The secret must be one or more certificates in PEM');
  }
  return text;
};

/** A text in front of the first certificate is not one. */
const isPem = (part: string): boolean => part.startsWith('-----BEGIN');

const parsePair = (text: string): string => {
  const { certificate, privateKey } = parseJson(text);
  if (typeof certificate !== 'string' || typeof privateKey !== 'string') throw notPair();
  let isPair: boolean;
  try {
    isPair = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    throw notPair();
  }
  if (!isPair) throw new TypeError('The privateKey of the secret is not that of its certificate');
  return text;
};

const notPair = (): TypeError =>
  new TypeError('The secret must be {"certificate": …, "privateKey": …}, both in PEM');

const parseJson = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {}; // The message of JSON.parse quotes its input.
  }
};
