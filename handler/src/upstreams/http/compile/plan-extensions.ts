import { literal } from '../../../../compiler/code.ts';
import type { Code, EmitTools, PlannedRoute, Said } from '../../../../compiler/contract-part.ts';
import { kindOf } from '../../../../compiler/kind.ts';
import type { Action, Permission } from '../../../../compiler/permissions.ts';
import type { Path, Report } from '../../../../compiler/problem.ts';
import { endsHere } from '../../../http/hop-by-hop.ts';
import { isWithheld } from '../../../http/withheld-headers.ts';
import { valueNames } from '../../../contract-values.ts';

const secret = <const D extends string>(description: D) =>
  ({
    type: 'string',
    pattern: String.raw`^\$\{\w+\}$`,
    errorMessage:
      'must be a reference such as "${payments_secret}": its value, in tfvars, is the ARN of a secret in Secrets Manager',
    examples: ["'${payments_secret}'"],
    description,
  }) as const;

const text = <const D extends string>(description: D) =>
  ({ type: 'string', minLength: 1, description }) as const;

/** What the gateway proves itself with, and the keys that go with it. */
export const extensionKeys = {
  credentials: {
    type: 'object',
    additionalProperties: false,
    description:
      'What the gateway proves itself with to the upstream: one of `header`, `oauth2`, `sigv4`, `mutualTls` and `forwardToken`.',
    properties: {
      header: {
        type: 'string',
        pattern: '^[A-Za-z0-9-]+$',
        errorMessage: 'must be the name of a header, such as X-Api-Key',
        description: 'The header that has the `secret`, in place of what the client sent there.',
      },
      secret: secret('With `header`: the value with the ARN of the secret, whose text is sent.'),
      prefix: {
        type: 'string',
        pattern: '^[ -~]*$',
        errorMessage: 'can only have visible ASCII characters and spaces',
        description: 'With `header`: a text before the secret, such as `Bearer `.',
      },
      oauth2: {
        type: 'object',
        additionalProperties: false,
        required: ['tokenUrl', 'clientId', 'secret'],
        description: 'An access token by the client credentials grant (RFC 6749 §4.4).',
        properties: {
          tokenUrl: text(
            'The https URL of the token endpoint; can have values, `${issuer}/token`.',
          ),
          clientId: text('Of the gateway; can have values.'),
          secret: secret('The value with the ARN of the secret, whose text is that of the client.'),
          scope: text('The scopes, separated by spaces.'),
          audience: text('For providers that want to know the API.'),
          clientAuthentication: {
            enum: ['basic', 'post'],
            default: 'basic',
            description: 'Whether the client proves itself by HTTP Basic or in the body.',
          },
        },
      },
      sigv4: {
        type: 'object',
        additionalProperties: false,
        required: ['service'],
        description: 'AWS Signature Version 4, by the role of the function.',
        properties: {
          service: {
            type: 'string',
            pattern: '^[a-z0-9-]+$',
            errorMessage: 'must be the name of a service in signatures, such as execute-api',
            description: 'As AWS names it in signatures.',
            examples: ['execute-api'],
          },
          region: {
            type: 'string',
            pattern: '^[a-z]{2}(-[a-z]+)+-\\d$',
            errorMessage: 'must be a region, such as eu-central-1',
            description: "Default: the gateway's own.",
          },
          resource: {
            type: 'string',
            pattern: String.raw`^\$\{\w+\}$`,
            errorMessage:
              'must be a reference such as "${orders_api}": its value, in tfvars, is an ARN',
            description:
              'The value with the ARN that the role of the function gets `actions` on, such as `arn:aws:execute-api:…:abc123/*/GET/orders`.',
            examples: ["'${orders_api}'"],
          },
          actions: {
            type: 'array',
            items: {
              type: 'string',
              pattern: '^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$',
              errorMessage: 'must be an action of IAM, such as execute-api:Invoke',
            },
            description: 'What the role may do with `resource`.',
            examples: ['[execute-api:Invoke]'],
          },
        },
        dependentRequired: { resource: ['actions'], actions: ['resource'] },
      },
      mutualTls: secret(
        'The value with the ARN of a secret, `{"certificate": …, "privateKey": …}` in PEM: the certificate of the gateway.',
      ),
      forwardToken: {
        const: true,
        description: 'The access token of the caller, where every way to sign in verifies one.',
      },
    },
  },
  ca: secret(
    "The value with the ARN of a secret, certificates in PEM: the authorities of the upstream's certificate, in place of the public ones.",
  ),
  preserveHost: {
    type: 'boolean',
    default: false,
    description: 'Whether the upstream gets the host name that the client used.',
  },
} as const;

type Keys = typeof extensionKeys;

interface Given {
  readonly credentials?: Said<Keys['credentials']> | undefined;
  readonly ca?: string | undefined;
  readonly preserveHost?: boolean | undefined;
}

export interface ExtensionPlan {
  /** From the nearest to the connections. */
  readonly code: (use: EmitTools['use']) => readonly Code[];
  /** All values that it has. */
  readonly values: readonly string[];
  /** Of these, those that the function needs. */
  readonly functionValues: readonly string[];
  /** Of these, those with the ARN of a secret. */
  readonly secrets: readonly string[];
  readonly permissions: readonly Permission[];
}

interface Call {
  readonly name: string;
  readonly file: string;
  readonly policy?: object;
}

/** Undefined: the upstream has nothing beyond what all have. Reports the problems of its keys. */
export const planExtensions = (
  upstream: string,
  { credentials, ca, preserveHost }: Given,
  path: Path,
  { routes, report }: { readonly routes: readonly PlannedRoute[]; readonly report: Report },
): ExtensionPlan | undefined => {
  const place = [...path, 'credentials'];
  const kind = credentials && kindOf(credentials, kinds, place, report);
  const certificate = kind === 'mutualTls' ? credentials?.mutualTls : undefined;
  const calls: Call[] = [];
  if (ca !== undefined || certificate !== undefined) {
    const policy = {
      ...(ca !== undefined && { ca: nameIn(ca) }),
      ...(certificate !== undefined && { certificate: nameIn(certificate) }),
    };
    calls.push({ name: 'privateTls', file: 'private-tls.ts', policy });
  }
  if (credentials !== undefined) {
    if (kind === 'forwardToken') checkForwardToken(upstream, routes, place, report);
    const call = callOf(credentials, kind, place, report);
    if (call !== undefined) calls.push(call);
  }
  if (preserveHost === true) calls.push({ name: 'preserveHost', file: 'preserve-host.ts' });
  if (calls.length === 0) return undefined;
  const { oauth2 } = credentials ?? {};
  const secrets = valueNames(
    [ca, certificate, kind === 'header' ? credentials?.secret : undefined, oauth2?.secret].filter(
      (each) => each !== undefined,
    ),
  );
  const functionValues = [
    ...secrets,
    ...valueNames([oauth2?.tokenUrl ?? '', oauth2?.clientId ?? '']),
  ];
  const { resource, actions = [] } = (kind === 'sigv4' ? credentials?.sigv4 : undefined) ?? {};
  const signed = valueNames([resource ?? '']);
  return {
    code: (use) =>
      calls.map(({ name, file, policy }) => {
        const made = use(name, `credentials/${file}`);
        return policy === undefined ? made : `${made}(${literal(policy)})`;
      }),
    values: [...functionValues, ...signed],
    functionValues,
    secrets,
    permissions: [
      ...secrets.map((value) => ({ value, actions: [readSecret] })),
      ...signed.map((value) => ({ value, actions: actions.filter(isAction) })),
    ],
  };
};

const readSecret: Action = 'secretsmanager:GetSecretValue';

const isAction = (action: string | undefined): action is Action => action !== undefined;

const kinds = {
  header: { example: "header: X-Api-Key, secret: '${payments_secret}'" },
  oauth2: { example: 'oauth2: { … }' },
  sigv4: { example: 'sigv4: { service: execute-api }' },
  mutualTls: { example: "mutualTls: '${client_certificate}'" },
  forwardToken: { example: 'forwardToken: true' },
};

const nameIn = (reference: string): string => valueNames([reference])[0] ?? '';

const callOf = (
  credentials: NonNullable<Given['credentials']>,
  kind: string | undefined,
  path: Path,
  report: Report,
): Call | undefined => {
  const { header, secret: reference, prefix, oauth2, sigv4 } = credentials;
  if (kind !== 'header')
    for (const key of ['secret', 'prefix'] as const)
      if (kind !== undefined && credentials[key] !== undefined)
        report([...path, key], `"${key}" goes with "header", and this is ${kind}`, 'key');
  switch (kind) {
    case 'header': {
      if (header === undefined) return undefined;
      const name = header.toLowerCase();
      if (reference === undefined)
        report(path, `"secret" is missing — add "secret: '\${payments_secret}'"`, 'key');
      if (name !== 'authorization' && (isWithheld(name) || ends(name)))
        report(
          [...path, 'header'],
          `"${header}" is a header that the gateway itself decides about`,
        );
      const policy = { header: name, prefix: prefix ?? '', secret: nameIn(reference ?? '') };
      return { name: 'headerCredential', file: 'header-credential.ts', policy };
    }
    case 'oauth2': {
      const { secret: own, clientAuthentication = 'basic', ...policy } = oauth2 ?? {};
      const { tokenUrl = '' } = policy;
      if (!/^(https:\/\/|\$\{\w+\})[^\s?#]*$/.test(tokenUrl) && !local.test(tokenUrl))
        report([...path, 'oauth2', 'tokenUrl'], '"tokenUrl" must be an https URL without ? and #');
      return {
        name: 'oauth2Credential',
        file: 'oauth2-credential.ts',
        policy: { ...policy, clientAuthentication, secret: nameIn(own ?? '') },
      };
    }
    case 'sigv4': {
      const { service, region } = sigv4 ?? {};
      const policy = { service, ...(region !== undefined && { region }) };
      return { name: 'sigv4Credential', file: 'sigv4-credential.ts', policy };
    }
    case 'forwardToken':
      return { name: 'forwardToken', file: 'forward-token.ts' };
    case undefined:
    default: // `mutualTls` is a matter of the connection.
      return undefined;
  }
};

/** For tests on one machine. */
const local = /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/[^\s?#]*)?$/;

const ends = endsHere(undefined);

/** A session token or an API key is for the gateway alone, and an unverified token proves nothing. */
const checkForwardToken = (
  upstream: string,
  routes: readonly PlannedRoute[],
  path: Path,
  report: Report,
): void => {
  for (const { plan } of routes) {
    const { id, target, access } = plan;
    if (!('upstream' in target) || target.upstream !== upstream || access.kind === 'public')
      continue;
    const verifies = access.alternatives.every((needed) =>
      Object.keys(needed).some((method) => method.startsWith('jwt:')),
    );
    if (!verifies)
      report(
        [...path, 'forwardToken'],
        `${id} admits callers without an access token — "forwardToken" needs a scheme with "jwt" in every alternative of its "security"`,
        'key',
      );
  }
};
