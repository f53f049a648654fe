import { accessTokens, signedScheme } from './from-aws.ts';
import {
  allMethods,
  apiKeyIn,
  GatewayDraft,
  type Imported,
  type Section,
  type SecurityEntry,
  sectionOf,
  textOf,
  textsIn,
  type TokenIssuer,
  usualReasons,
} from './gateway-draft.ts';

/**
 * From a template of SAM: the events of APIs that functions and state machines have. Undefined if it has none. A
 * reference to another resource is its name, however it is written.
 */
export const fromSam = (template: Section): Imported | undefined => {
  const draft = new GatewayDraft(textOf(template['Description'], 'Imported from SAM'));
  const resources = Object.entries(sectionOf(template['Resources'])).map(
    ([name, value]) => [name, sectionOf(value)] as const,
  );
  const events = resources.flatMap(([name, { Type, Properties }]) => {
    const own = sectionOf(Properties);
    const target = targets[String(Type)];
    if (target === undefined) return [];
    return Object.values(sectionOf(own['Events'])).flatMap((given) => {
      const { Type: type, Properties: properties } = sectionOf(given);
      if (type !== 'Api' && type !== 'HttpApi') return [];
      const isFunction = Type === 'AWS::Serverless::Function';
      const upstream = () => target(draft, name, own);
      return [{ upstream, isFunction, type, properties: sectionOf(properties) } as const];
    });
  });
  if (events.length === 0) return undefined;
  const settingsOf = apiSettings(template, resources);
  for (const [name, { Type, Properties }] of resources) {
    const properties = sectionOf(Properties);
    if (Type === 'AWS::Serverless::Api' || Type === 'AWS::Serverless::HttpApi') {
      if (properties['DefinitionBody'] !== undefined || properties['DefinitionUri'] !== undefined)
        draft.omit(
          `${name}: its definition`,
          'only the events of functions are read — import an export of the API for its other routes',
        );
      for (const key of ['Cors', 'CorsConfiguration'].filter((each) => each in properties))
        draft.omit(
          `${name}: ${key}`,
          'write the origins that you allow to x-postern.defaults.cors',
        );
    }
    if (properties['FunctionUrlConfig'] !== undefined)
      draft.omit(`${name}: FunctionUrlConfig`, 'the URL stays — a route for it can replace it');
  }
  for (const event of events)
    addRoutes(
      draft,
      { ...event, upstream: event.upstream() },
      settingsOf(event.type, event.properties),
    );
  return draft.finish();
};

type Target = (draft: GatewayDraft, name: string, properties: Section) => string;

/** What an event calls, by the type of its resource. The ARN is known when the stack is deployed. */
const targets: Readonly<Record<string, Target>> = {
  'AWS::Serverless::Function': (draft, name, { FunctionName, AutoPublishAlias }) => {
    const alias = AutoPublishAlias === undefined ? '' : `:${textOf(AutoPublishAlias)}`;
    const address =
      typeof FunctionName === 'string' && /^[\w-]+$/.test(FunctionName)
        ? FunctionName
        : `arn:aws:lambda:…:function:${name}`;
    return draft.resource('lambda', `${address}${alias}`, { name });
  },
  'AWS::Serverless::StateMachine': (draft, name) => {
    draft.omit(`${name}: the response`, usualReasons.accepted);
    return draft.resource('stepFunctions', `arn:aws:states:…:stateMachine:${name}`, { name });
  },
};

/** The properties of the API that an event belongs to: of its own one, or of the one that SAM adds. */
const apiSettings = (
  { Globals: globals }: Section,
  resources: ReadonlyArray<readonly [string, Section]>,
) => {
  const byName = new Map(resources);
  return (type: 'Api' | 'HttpApi', properties: Section): Section => {
    const name = referenceIn(properties[type === 'Api' ? 'RestApiId' : 'ApiId']);
    const own = sectionOf(byName.get(name)?.['Properties']);
    return { ...sectionOf(sectionOf(globals)[type]), ...own };
  };
};

/** `!Ref Api`, or `{ "Ref": "Api" }`. */
const referenceIn = (value: unknown): string => textOf(value, textOf(sectionOf(value)['Ref']));

interface ApiEvent {
  readonly upstream: string;
  readonly isFunction: boolean;
  readonly type: 'Api' | 'HttpApi';
  readonly properties: Section;
}

const addRoutes = (
  draft: GatewayDraft,
  { upstream, isFunction, type, properties }: ApiEvent,
  api: Section,
): void => {
  const method = textOf(properties['Method'], 'any').toLowerCase();
  const path = textOf(properties['Path'], '$default').replace(/^\/?\$default$/, '/{rest+}');
  const isAny = method === 'any' || method === 'x-amazon-apigateway-any-method';
  const what = `${isAny ? 'ANY' : method.toUpperCase()} ${path}`;
  const format = textOf(properties['PayloadFormatVersion'], type === 'Api' ? '1.0' : '2.0');
  if (isFunction && format === '1.0')
    draft.omit(`${what}: payload format 1.0`, usualReasons.payloadFormat);
  const timeout = properties['TimeoutInMillis'];
  const settings = draft.timeout(what, typeof timeout === 'number' ? timeout : undefined);
  const security = securityOf(draft, what, sectionOf(properties['Auth']), sectionOf(api['Auth']));
  for (const each of isAny ? allMethods : [method])
    draft.route({ method: each, path, upstream, settings, ...security });
};

const securityOf = (
  draft: GatewayDraft,
  what: string,
  own: Section,
  ofApi: Section,
): { readonly isProtected: boolean; readonly security?: readonly SecurityEntry[] } => {
  const name = referenceIn(own['Authorizer'] ?? ofApi['DefaultAuthorizer'] ?? 'NONE');
  const besides = keyOf(draft, own['ApiKeyRequired'] ?? ofApi['ApiKeyRequired']);
  if (name === 'NONE')
    return Object.keys(besides).length === 0
      ? { isProtected: false }
      : { isProtected: true, security: [besides] };
  if (name === 'AWS_IAM') {
    const scheme = signedScheme(draft, 'aws-iam');
    return { isProtected: true, security: [{ [scheme]: [], ...besides }] };
  }
  const authorizer = sectionOf(sectionOf(ofApi['Authorizers'])[name]);
  const issuer = issuerOf(authorizer);
  if (issuer === undefined) {
    draft.omit(`${what}: ${name}`, usualReasons.session);
    return { isProtected: true };
  }
  const scopes = textsIn(own['AuthorizationScopes'] ?? authorizer['AuthorizationScopes']);
  const alternatives = accessTokens(draft, [{ name, issuer, scopes }]);
  return { isProtected: true, security: alternatives.map((each) => ({ ...each, ...besides })) };
};

const keyOf = (draft: GatewayDraft, isRequired: unknown): SecurityEntry => {
  if (isRequired !== true) return {};
  draft.omit(
    'API keys and usage plans',
    'create a key for each consumer, make apikey-create (docs/api-keys.md), and write plans to x-postern.plans (docs/plans.md)',
  );
  return { [draft.scheme('api-key', apiKeyIn('header', 'x-api-key'))]: [] };
};

/** Of a JWT authorizer whose issuer and audiences are written in the template. */
const issuerOf = ({ JwtConfiguration, IdentitySource }: Section): TokenIssuer | undefined => {
  const { issuer, audience } = sectionOf(JwtConfiguration);
  const audiences: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  const isUsual = /^(?:\$request\.header\.authorization)?$/i.test(textOf(IdentitySource));
  const isWritten = [issuer, ...audiences].every(
    (each) => typeof each === 'string' && each !== '' && !each.includes('${'),
  );
  return isUsual && isWritten && String(issuer).startsWith('https://')
    ? { issuer: String(issuer), audiences: audiences.map(String) }
    : undefined;
};
