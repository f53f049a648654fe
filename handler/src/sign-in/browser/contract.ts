import { literal } from '../../../compiler/code.ts';
import { contractPart, type Said, withDefaults } from '../../../compiler/contract-part.ts';
import { durationSchema, readDuration } from '../../../compiler/duration.ts';
import { mappedSchemes } from '../../../compiler/mapped-schemes.ts';
import type { Path, Report } from '../../../compiler/problem.ts';
import { valueNames } from '../../contract-values.ts';
import { algorithms } from '../../openid/key-set.ts';
import { secureUrl } from '../../openid/secure-url.ts';
import { actions } from './actions.ts';
import type { BrowserPolicy } from './policy.ts';
import { returnPlace } from './return-to.ts';

/** `${name}` stands for a value of the environment. */
const text = { type: 'string', minLength: 1 } as const;

const session = {
  type: 'object',
  additionalProperties: false,
  description: 'How long sessions last.',
  properties: {
    absolute: {
      ...durationSchema,
      default: '8h',
      description: 'From the sign-in, however much it is used: from 1m to 30d.',
    },
    idle: {
      ...durationSchema,
      description:
        'From the last request, from 1m; default: it does not end earlier if it is not used.',
    },
  },
} as const;

const signIn = {
  type: 'object',
  additionalProperties: false,
  required: ['issuer', 'clientId', 'returnTo'],
  description:
    'Sign-in for browsers at an OpenID provider (authorization code with PKCE), into the session cookie.',
  examples: ["{ issuer: '${issuer}', clientId: '${client_id}', returnTo: [/app/*] }"],
  properties: {
    path: {
      $ref: '#/$defs/path',
      default: '/auth',
      description:
        'Its routes are below: `/sign-in`, `/callback`, `/session`, `/sign-out`, `/back-channel-logout`.',
    },
    issuer: {
      ...text,
      examples: ['https://login.example.com'],
      description:
        "The provider's `iss`, to the letter: an https URL. It describes itself below it.",
    },
    clientId: { ...text, description: 'The id of the application at the provider.' },
    clientSecret: {
      type: 'string',
      pattern: String.raw`^\$\{\w+\}$`,
      errorMessage:
        'must be a reference such as "${client_secret}": its value, in tfvars, is the ARN of a secret in Secrets Manager',
      examples: ["'${client_secret}'"],
      description:
        'The value with the ARN of the secret in Secrets Manager; default: a public client, which proves itself by PKCE alone.',
    },
    clientAuthentication: {
      enum: ['basic', 'post'],
      default: 'basic',
      description: 'How the client secret is sent: in the header `Authorization`, or in the form.',
    },
    baseUrl: {
      ...text,
      examples: ["'${base_url}'"],
      description:
        'The gateway as browsers know it, if a proxy is in front; default: the host of the request, with the stage.',
    },
    scopes: {
      type: 'array',
      items: text,
      minItems: 1,
      uniqueItems: true,
      default: ['openid'],
      examples: ['[openid, profile]'],
      description: 'What the gateway asks the provider for; `openid` must be among them.',
    },
    algorithms: {
      type: 'array',
      items: { enum: algorithms },
      minItems: 1,
      uniqueItems: true,
      default: ['RS256'],
      description: "The signature algorithms of the provider's ID tokens and logout tokens.",
    },
    returnTo: {
      type: 'array',
      items: text,
      minItems: 1,
      uniqueItems: true,
      examples: ['[/app/*]', "['${app}/*']"],
      description:
        'Where browsers may go afterwards: paths of the gateway or https URLs; `/*` at the end means every path below. The first is the default, and where the provider leads after a sign-out.',
    },
    session,
    userId: {
      ...text,
      default: 'sub',
      description: 'The claim of the ID token with the id of the user.',
    },
    roles: {
      ...text,
      description:
        'The claim with the roles, such as `cognito:groups` or `realm_access.roles`; default: no roles.',
    },
    signOut: {
      enum: ['gateway', 'provider'],
      default: 'provider',
      description: 'Whether a sign-out also ends the session at the provider, if it can.',
    },
    backChannelLogout: {
      enum: ['allow', 'deny'],
      default: 'deny',
      description: 'Whether the provider can end sessions (OpenID Connect Back-Channel Logout).',
    },
  },
} as const;

const place = ['x-postern', 'builtIn', 'signIn'];

/** Of a form with a logout token. */
const maxBodyBytes = 65_536;

export default contractPart({
  folder: 'sign-in/browser',
  builtIn: { signIn },
  routes: ({ signIn: section }, document) => {
    if (section === undefined) return [];
    const { path, backChannelLogout } = withDefaults(signIn, section);
    const scheme = mappedSchemes(document).find((each) => each.section?.['session'] !== undefined);
    return Object.entries(actions).flatMap(([action, { path: own, methods }]) =>
      (action === 'backChannelLogout' && backChannelLogout === 'deny') ||
      (action === 'session' && scheme === undefined)
        ? []
        : methods.map((method) => ({
            method,
            path: path + own,
            key: 'signIn',
            security: action === 'session' && scheme !== undefined ? [{ [scheme.name]: [] }] : [],
            maxBodyBytes,
            target: {
              kind: 'browserSignIn' as const,
              action: action as keyof typeof actions,
              upstream: 'identity provider',
              timeoutMs: 10_000,
            },
          })),
    );
  },
  compile: ({ builtIn, routes, report, warn }) => {
    if (builtIn.signIn === undefined) return () => ({});
    const policy = policyOf(builtIn.signIn, report);
    const takesSession = routes.some(
      ({ plan: { access, target } }) =>
        target.kind !== 'browserSignIn' &&
        access.kind === 'signed-in' &&
        access.alternatives.some((each) => 'session' in each),
    );
    if (!takesSession)
      warn(
        place,
        'no operation accepts the sessions that begin here — add a security scheme with "x-postern: { session: {} }", and name it in "security"',
        'key',
      );
    const { issuer, clientId, clientSecret = '', baseUrl = '', returnTo, idleMs } = policy;
    const values = [...new Set(valueNames([issuer, clientId, clientSecret, baseUrl, ...returnTo]))];
    return ({ use, useStore }) => ({
      upstreamKind: `${use('browserSignIn', 'browser-sign-in.ts')}(${literal(policy)})`,
      ...(idleMs !== undefined && {
        features: { extendSession: `${use('extendSession', 'extend-session.ts')}(${idleMs})` },
      }),
      stores: {
        sessionRegister: useStore(
          'dynamoDbSessionRegister',
          'sessions/dynamodb-session-register.ts',
        ),
        issuerKeys: useStore('dynamoDbIssuerKeys', 'issuer-keys/dynamodb-issuer-keys.ts'),
      },
      permissions: [
        { store: 'sessions', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
        {
          store: 'rate-limits',
          leadingKeys: ['issuer-keys/*'],
          actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        },
        { secret: 'signing', actions: ['secretsmanager:GetSecretValue'] },
        ...valueNames([clientSecret]).map((value) => ({
          value,
          actions: ['secretsmanager:GetSecretValue'] as const,
        })),
      ],
      values,
      functionValues: values,
      summary: { browser_sign_in: policy },
    });
  },
});

const policyOf = (section: Said<typeof signIn>, report: Report): BrowserPolicy => {
  const { issuer = '', clientId = '', session: lasts, ...given } = withDefaults(signIn, section);
  const listed = <T>(list: ReadonlyArray<T | undefined> = []): readonly T[] =>
    list.filter((each) => each !== undefined);
  const { baseUrl, signOut, backChannelLogout } = given;
  for (const [name, url] of Object.entries({ issuer, baseUrl }))
    if (url !== undefined && url !== '' && !isOpen(url) && secureUrl(url) === undefined)
      report([...place, name], `"${name}" is not an https URL, such as https://login.example.com`);
  const scopes = listed(given.scopes);
  if (!scopes.includes('openid'))
    report([...place, 'scopes'], 'without the scope "openid", the provider issues no ID token');
  const returnTo = listed(given.returnTo);
  for (const [index, each] of returnTo.entries())
    if (!isOpen(each) && returnPlace(each) === undefined)
      report(
        [...place, 'returnTo', index],
        'must be a path such as /app or /app/*, or an https URL such as https://app.example.com/*',
      );
  const sessionPlace = [...place, 'session'];
  const { absolute, idle } = withDefaults(session, lasts);
  const absoluteMs = durationAt(absolute, [...sessionPlace, 'absolute'], report);
  const idleMs =
    idle === undefined ? undefined : durationAt(idle, [...sessionPlace, 'idle'], report);
  if (idleMs !== undefined && absoluteMs !== undefined && idleMs >= absoluteMs)
    report(
      [...sessionPlace, 'idle'],
      `"idle" is not shorter than "absolute", ${absolute} — remove it, or make it shorter`,
    );
  return {
    path: given.path,
    issuer,
    clientId,
    clientSecret: given.clientSecret,
    clientAuthentication: given.clientAuthentication,
    baseUrl,
    scopes,
    algorithms: listed(given.algorithms),
    returnTo,
    userId: given.userId,
    roles: given.roles,
    absoluteMs: absoluteMs ?? 0,
    idleMs,
    signOut,
    backChannelLogout,
  };
};

/** One whose values are known only per environment is checked when the gateway starts. */
const isOpen = (value: string): boolean => value.includes('${');

const durationAt = (value: string, path: Path, report: Report): number | undefined =>
  readDuration(value, { min: '1m', max: '30d' }, path, report);
