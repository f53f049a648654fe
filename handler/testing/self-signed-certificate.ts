import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

interface Details {
  readonly commonName?: string;
  readonly organization?: string;
  /** Beside the DNS name `localhost`. */
  readonly uris?: readonly string[];
  /** As `YYMMDDhhmmssZ`. */
  readonly notBefore?: string;
  readonly notAfter?: string;
}

/** A new certificate, for `localhost` unless given, with its private key, so that the repository contains no key. */
export const selfSignedCertificate = (
  details: Details = {},
): { readonly cert: string; readonly key: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = certificateBody(publicKey, details);
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, ecdsaWithSha256, bitString(signature));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
};

/** DER (X.690): a tag, the length, the contents. */
const der = (tag: number, ...contents: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(contents);
  const { length } = content;
  const lengthBytes =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content]);
};

const sequence = (...contents: readonly Buffer[]): Buffer => der(0x30, ...contents);
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const bitString = (bits: Buffer): Buffer => der(0x03, Buffer.from([0]), bits);
const time = (text: string): Buffer => der(0x17, Buffer.from(text));

const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'));
const [commonNameId, organizationId] = [objectId('550403'), objectId('55040a')];
const subjectAltName = objectId('551d11');

/** RFC 5280 §4.1. */
const certificateBody = (
  publicKey: KeyObject,
  {
    commonName = 'localhost',
    organization,
    uris = [],
    notBefore = '200101000000Z',
    notAfter = '491231235959Z',
  }: Details,
): Buffer => {
  const attribute = (id: Buffer, text: string): Buffer =>
    der(0x31, sequence(id, der(0x0c, Buffer.from(text))));
  const name = sequence(
    ...(organization === undefined ? [] : [attribute(organizationId, organization)]),
    attribute(commonNameId, commonName),
  );
  const names = sequence(
    der(0x82, Buffer.from('localhost')),
    ...uris.map((uri) => der(0x86, Buffer.from(uri))),
  );
  return sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(time(notBefore), time(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(subjectAltName, der(0x04, names)))),
  );
};
