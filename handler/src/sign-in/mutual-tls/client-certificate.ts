import { X509Certificate } from 'node:crypto';

/** What identifies a client by its certificate, in the forms in which a contract is compiled. */
export interface ClientCertificate {
  /** In hex, lower case. */
  readonly sha256: string;
  /** Each as `URI:spiffe://…` or `DNS:…`. */
  readonly alternativeNames: readonly string[];
  /** As `canonicalSubject` writes it. */
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Throws if the text is no certificate. */
export const readCertificate = (pem: string): ClientCertificate => {
  const certificate = new X509Certificate(pem);
  const { subject, subjectAltName = '', fingerprint256, validFrom, validTo } = certificate;
  return {
    sha256: canonicalFingerprint(fingerprint256),
    alternativeNames: entriesOf(subjectAltName),
    subject: joined(subject.split('\n')),
    notBeforeMs: Date.parse(validFrom),
    notAfterMs: Date.parse(validTo),
  };
};

/** Node puts a value in quotes that could be mistaken for several entries: `DNS:"a, DNS:b"` (CVE-2021-44532). */
const entriesOf = (names: string): readonly string[] =>
  [...names.matchAll(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g)].map(([entry]) => entry.trim());

export const canonicalFingerprint = (text: string): string =>
  text.replaceAll(':', '').toLowerCase();

/**
 * The whole subject: the order of its attributes means nothing, and `openssl x509 -subject` prints it in either. Commas in
 * a value are escaped (RFC 4514 §2.4), as Node does it.
 */
export const canonicalSubject = (text: string): string =>
  joined(text.split(/(?<!\\),/).map((attribute) => attribute.trim()));

const joined = (attributes: readonly string[]): string => attributes.toSorted().join('\n');
