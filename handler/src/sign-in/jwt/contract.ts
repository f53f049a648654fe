import { literal } from '../../../compiler/code.ts';
import { contractPart, type Said, withDefaults } from '../../../compiler/contract-part.ts';
import { durationSchema, readDuration } from '../../../compiler/duration.ts';
import type { SchemeDefinition } from '../../../compiler/mapped-schemes.ts';
import type { Path, Report } from '../../../compiler/problem.ts';
import { valueNames } from '../../contract-values.ts';
import { isWithheld } from '../../http/withheld-headers.ts';
import { algorithms } from '../../openid/key-set.ts';
import { secureUrl } from '../../openid/secure-url.ts';
import type { TokenPolicy } from './policy.ts';

const errors = [
  'CREDENTIALS_MISSING',
  'CREDENTIALS_INVALID',
  'CREDENTIALS_EXPIRED',
  'SIGNING_KEY_UNAVAILABLE',
] as const;

/** `${name}` stands for a value of the environment. */
const textSchema = { type: 'string', minLength: 1 } as const;

const names = { type: 'array', items: textSchema, minItems: 1, uniqueItems: true } as const;

const jwt = {
  type: 'object',
  additionalProperties: false,
  required: ['issuer', 'algorithms'],
  properties: {
    issuer: {
      ...textSchema,
      examples: ['https://login.example.com'],
      description:
        'The `iss` of the tokens, to the letter: an https URL, with or without a slash at its end.',
    },
    audiences: {
      ...names,
      description: 'The API as the provider knows it: `aud` must have one of these.',
    },
    clients: {
      ...names,
      description:
        '`client_id` must be one of these. For providers whose access tokens have no `aud`, such as Cognito.',
    },
    algorithms: {
      type: 'array',
      items: { enum: algorithms },
      minItems: 1,
      uniqueItems: true,
      examples: ['[RS256]'],
      description: 'The signature algorithms that the provider uses.',
    },
    jwksUri: {
      ...textSchema,
      description:
        "Where the provider's keys are; default: as its description says, at the scheme's `openIdConnectUrl` or below the issuer.",
    },
    type: {
      const: 'at+jwt',
      description:
        'The `typ` that tokens must have (RFC 9068); default: `JWT`, `at+jwt` or none, but no other.',
    },
    tokenUse: {
      ...textSchema,
      default: 'access',
      description: 'What `token_use` must be, if tokens have it.',
    },
    clockTolerance: {
      ...durationSchema,
      default: '5s',
      description: "How far the provider's clock may differ, up to 5m.",
    },
    userId: { ...textSchema, default: 'sub', description: 'The claim with the id of the user.' },
    roles: {
      ...textSchema,
      description:
        'The claim with the roles, such as `cognito:groups` or `realm_access.roles`; default: no roles.',
    },
    plan: {
      ...textSchema,
      description: 'The claim with the plan of the caller; default: no plan.',
    },
    scopes: {
      ...textSchema,
      description: 'The claim with the scopes; default: `scope`, or `scp` if there is none.',
    },
    claims: {
      type: 'object',
      propertyNames: {
        pattern: '^[A-Za-z][A-Za-z0-9-]{0,63}$',
        errorMessage: 'must be letters, digits and hyphens: it becomes a part of a header name',
      },
      additionalProperties: textSchema,
      description:
        'Claims for the upstream, each by its name in the header `X-Authenticated-<Name>`.',
    },
  },
  examples: ['{ issuer: https://login.example.com, audiences: [shop], algorithms: [RS256] }'],
  description:
    'Access tokens of an OpenID provider (RFC 9068): `Authorization: Bearer`. Texts can have values `${name}` of the tfvars.',
} as const;

export default contractPart({
  folder: 'sign-in/jwt',
  signIn: jwt,
  signInBy: 'scheme',
  compile: ({ schemes, routes, report }) => {
    const policies = schemes.map((scheme) => ({ ...scheme, policy: policyOf(scheme, report) }));
    const routesOf = (method: string): readonly string[] =>
      routes.flatMap(({ plan: { id, access } }) =>
        access.kind === 'signed-in' && access.alternatives.some((each) => method in each)
          ? [id]
          : [],
      );
    const used = policies.filter(({ method }) => routesOf(method).length > 0);
    if (used.length === 0) return () => ({});
    const signedIn = new Set(used.flatMap(({ method }) => routesOf(method)));
    return ({ use, useStore }) => ({
      signIn: Object.fromEntries(
        used.map(({ method, policy }) => [
          method,
          `${use('jwtSignIn', 'jwt-sign-in.ts')}(${literal(policy)})`,
        ]),
      ),
      stores: {
        issuerKeys: useStore('dynamoDbIssuerKeys', 'issuer-keys/dynamodb-issuer-keys.ts'),
      },
      permissions: [
        {
          store: 'rate-limits',
          leadingKeys: ['issuer-keys/*'],
          actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        },
      ],
      responses: (id) => (signedIn.has(id) ? { errors } : {}),
      ...valuesIn(used.map(({ policy }) => policy)),
    });
  },
});

interface Scheme {
  readonly name: string;
  readonly value: Said<typeof jwt>;
  readonly path: Path;
  readonly definition: SchemeDefinition;
}

const policyOf = ({ name, value, path, definition }: Scheme, report: Report): TokenPolicy => {
  const { issuer = '', clockTolerance, ...given } = withDefaults(jwt, value);
  const isOfToken = ['oauth2', 'openIdConnect'].includes(String(definition.type));
  if (!isOfToken && !isBearer(definition))
    report(
      path,
      'an access token is sent as "Authorization: Bearer": the scheme has the type oauth2, openIdConnect, or http with the scheme bearer',
      'key',
    );
  checkUrl(issuer, [...path, 'issuer'], report);
  if (given.jwksUri !== undefined) checkUrl(given.jwksUri, [...path, 'jwksUri'], report);
  if (given.audiences === undefined && given.clients === undefined)
    report(
      path,
      'any token of the issuer would be accepted, whichever API it is for — add "audiences: [shop]" or, if its access tokens have no aud, "clients: [the client\'s id]"',
      'key',
    );
  const range = { min: '1s', max: '5m' };
  const toleranceMs = readDuration(clockTolerance, range, [...path, 'clockTolerance'], report);
  const { openIdConnectUrl } = definition;
  const discoveryUrl =
    typeof openIdConnectUrl === 'string' && given.jwksUri === undefined
      ? openIdConnectUrl
      : undefined;
  if (discoveryUrl !== undefined && !mayBeUrl(discoveryUrl))
    report(
      path,
      '"openIdConnectUrl" is not an https URL, and the gateway finds the provider\'s keys by it — correct it, or add "jwksUri"',
      'key',
    );
  return {
    scheme: name,
    issuer,
    discoveryUrl,
    jwksUri: given.jwksUri,
    audiences: said(given.audiences),
    clients: said(given.clients),
    algorithms: said(given.algorithms),
    type: given.type,
    tokenUse: given.tokenUse,
    toleranceSeconds: (toleranceMs ?? 0) / 1_000,
    userId: given.userId,
    roles: given.roles,
    plan: given.plan,
    scopes: given.scopes === undefined ? ['scope', 'scp'] : [given.scopes],
    lists: isOfToken ? 'scopes' : 'roles',
    claims: headersOf(given.claims, [...path, 'claims'], report),
  };
};

const isBearer = ({ type, scheme }: SchemeDefinition): boolean =>
  type === 'http' && typeof scheme === 'string' && /^bearer$/i.test(scheme);

const said = <T>(list: ReadonlyArray<T | undefined> = []): readonly T[] =>
  list.filter((each) => each !== undefined);

/** One whose values are known only per environment is checked when the gateway starts. */
const mayBeUrl = (text: string): boolean => text.includes('${') || secureUrl(text) !== undefined;

const checkUrl = (text: string, path: Path, report: Report): void => {
  if (text === '' || mayBeUrl(text)) return;
  report(path, `"${String(path.at(-1))}" is not an https URL, such as https://login.example.com`);
};

/** Kong names the header so; the gateway removes it from all requests. */
const prefix = 'x-authenticated-';

const headersOf = (
  claims: Said<typeof jwt>['claims'] = {},
  path: Path,
  report: Report,
): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {};
  for (const [name, claim] of Object.entries(claims)) {
    const header = prefix + name.toLowerCase();
    if (!isWithheld(header)) throw new TypeError(`Clients could send ${header}`);
    if (header in headers) report([...path, name], `another claim is sent as ${header}`, 'key');
    else if (claim !== undefined) headers[header] = claim;
  }
  return headers;
};

/** What the environment must give: by Terraform as values, by the function as its variables. */
const valuesIn = (policies: readonly TokenPolicy[]) => {
  const texts = policies.flatMap(({ issuer, discoveryUrl, jwksUri, audiences, clients }) => [
    ...[issuer, discoveryUrl ?? '', jwksUri ?? ''],
    ...audiences,
    ...clients,
  ]);
  const values = [...new Set(valueNames(texts))];
  return { values, functionValues: values, summary: { access_tokens: policies } };
};
