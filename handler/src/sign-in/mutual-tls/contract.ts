import { literal } from '../../../compiler/code.ts';
import { contractPart, type Said } from '../../../compiler/contract-part.ts';
import type { Path, Report } from '../../../compiler/problem.ts';
import { canonicalFingerprint, canonicalSubject } from './client-certificate.ts';
import type { CertificateConsumers } from './mutual-tls-sign-in.ts';

const errors = ['CREDENTIALS_MISSING', 'CREDENTIALS_INVALID', 'CREDENTIALS_EXPIRED'] as const;

const certificate = {
  type: 'object',
  additionalProperties: false,
  properties: {
    subject: {
      type: 'string',
      minLength: 3,
      description:
        'The whole subject, in any order (RFC 4514): `CN=orders,O=Acme`. Every certificate with it that the trust store accepts is the consumer’s.',
      examples: ["'CN=orders,O=Acme'"],
    },
    san: {
      type: 'string',
      pattern: '^(DNS|URI|email|IP Address):.+$',
      errorMessage:
        'must be one alternative name with its kind, such as "URI:spiffe://acme.example/orders" or "DNS:orders.acme.example"',
      description: 'One of the subject’s alternative names, with its kind.',
      examples: ['URI:spiffe://acme.example/orders'],
    },
    sha256: {
      type: 'string',
      pattern: '^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$',
      errorMessage:
        'must be the fingerprint that "openssl x509 -noout -fingerprint -sha256" prints: 64 hexadecimal digits',
      description: 'The certificate’s SHA-256 fingerprint: this one certificate and no other.',
    },
    scopes: {
      type: 'array',
      items: { type: 'string' },
      description: 'What the lists in `security` are compared with.',
      examples: ['[orders:read]'],
    },
  },
} as const;

const mutualTls = {
  type: 'object',
  additionalProperties: false,
  properties: {
    certificates: {
      type: 'object',
      minProperties: 1,
      propertyNames: {
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
        errorMessage:
          'must be a name of letters, digits, dots, hyphens and underscores, 64 at most',
      },
      additionalProperties: certificate,
      description:
        'The consumers, each with one of subject, san and sha256. Without this key, they are items of the credentials table.',
      examples: ["{ acme: { subject: 'CN=orders,O=Acme' } }"],
    },
  },
  examples: ['{}', "{ certificates: { acme: { subject: 'CN=orders,O=Acme' } } }"],
  description:
    'Consumers with a client certificate, which API Gateway verifies at a custom domain with a trust store.',
} as const;

export default contractPart({
  folder: 'sign-in/mutual-tls',
  signIn: mutualTls,
  signInBy: 'scheme',
  compile: ({ schemes, routes, report }) => {
    const read = schemes.map(({ method, value: { certificates }, path }) => ({
      method,
      consumers: certificates && consumersOf(certificates, [...path, 'certificates'], report),
    }));
    const idsOf = (method: string): readonly string[] =>
      routes.flatMap(({ plan: { id, access } }) =>
        access.kind === 'signed-in' && access.alternatives.some((needed) => method in needed)
          ? [id]
          : [],
      );
    const used = read
      .map((scheme) => ({ ...scheme, ids: new Set(idsOf(scheme.method)) }))
      .filter(({ ids }) => ids.size > 0);
    if (used.length === 0) return () => ({});
    const readsStore = used.some(({ consumers }) => consumers === undefined);
    return ({ use, useStore }) => ({
      signIn: Object.fromEntries(
        used.map(({ method, consumers }) => [
          method,
          consumers === undefined
            ? use('mutualTlsByStore', 'mutual-tls-sign-in.ts')
            : `${use('mutualTlsByContract', 'mutual-tls-sign-in.ts')}(${literal(consumers)})`,
        ]),
      ),
      features: {
        platformIdentity: use('platformIdentity', '../../pipeline/platform-identity.ts'),
      },
      ...(readsStore && {
        stores: {
          credentials: useStore('dynamoDbCredentials', 'credentials/dynamodb-credentials.ts'),
        },
        permissions: [
          { store: 'credentials', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
        ],
      }),
      responses: (id) => {
        const own = used.filter(({ ids }) => ids.has(id));
        if (own.length === 0) return {};
        return {
          errors: own.some(({ consumers }) => consumers === undefined)
            ? [...errors, 'CREDENTIAL_STORE_UNAVAILABLE']
            : errors,
        };
      },
      summary: { mutual_tls: true },
    });
  },
});

/** By what identifies them. */
const consumersOf = (
  certificates: NonNullable<Said<typeof mutualTls>['certificates']>,
  path: Path,
  report: Report,
): CertificateConsumers => {
  const consumers: Record<string, CertificateConsumers[string]> = {};
  for (const [consumer, section = {}] of Object.entries(certificates)) {
    const keys = keysOf(section);
    const place = [...path, consumer];
    if (keys.length !== 1)
      report(place, `"${consumer}" has one of subject, san and sha256, not ${keys.length}`, 'key');
    for (const key of keys) {
      const other = consumers[key];
      if (other !== undefined)
        report(place, `"${consumer}" has the same certificate as "${other.consumer}"`, 'key');
      const scopes = (section.scopes ?? []).filter((scope) => scope !== undefined);
      consumers[key] = { consumer, scopes };
    }
  }
  return consumers;
};

const keysOf = ({ subject, san, sha256 }: Said<typeof certificate>): readonly string[] => [
  ...(sha256 === undefined ? [] : [`sha256:${canonicalFingerprint(sha256)}`]),
  ...(san === undefined ? [] : [`san:${san}`]),
  ...(subject === undefined ? [] : [`subject:${canonicalSubject(subject)}`]),
];
