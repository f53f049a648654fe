import {
  allMethods,
  apiKeyIn,
  GatewayDraft,
  hostOf,
  type Imported,
  type Section,
  type SecurityEntry,
  signedRequests,
  type TokenIssuer,
  sectionOf,
  sectionsIn,
  textOf,
  splitUrl,
  textsIn,
  usualReasons,
} from './gateway-draft.ts';

/** From an export of an API of Amazon API Gateway: OpenAPI 3.0 with `x-amazon-apigateway-…`. */
export const fromAws = (file: Section): Imported => {
  const info = sectionOf(file['info']);
  const draft = new GatewayDraft(textOf(info['title'], 'Imported from API Gateway'));
  const operations = new Map<string, Section>();
  for (const [path, item] of Object.entries(sectionOf(file['paths'])))
    for (const [method, given] of Object.entries(sectionOf(item))) {
      const operation = sectionOf(given);
      const isAny = method === 'x-amazon-apigateway-any-method';
      if (!isAny && !known.has(method)) continue;
      for (const each of isAny ? allMethods : [method])
        if (addRoute(draft, file, { path, method: each, operation, isAny }))
          operations.set(`${each} ${pathOf(path)}`, isAny ? withoutId(operation) : operation);
    }
  for (const key of Object.keys(file).filter((each) => each.startsWith(extension)))
    draft.omit(key, reasons[key.slice(extension.length)] ?? 'it has no equivalent in the contract');
  const imported = draft.finish();
  return { ...imported, contract: withDocumentation(imported.contract, file, operations) };
};

/** The operations of several methods have no id in common. */
const withoutId = ({ operationId: _, ...operation }: Section): Section => operation;

const extension = 'x-amazon-apigateway-';
const known = new Set([...allMethods, 'head', 'options']);

const reasons: Readonly<Record<string, string>> = {
  cors: 'write the origins that you allow to x-postern.defaults.cors',
  'request-validators': 'requests are always checked against parameters and schemas',
  'gateway-responses': 'errors are problem details (docs/errors.md)',
  'api-key-source': 'a key is in the header that its security scheme names',
  'binary-media-types': 'bodies of all types pass through',
  'minimum-compression-size': 'responses pass through as the upstream compresses them',
  'endpoint-configuration': 'it is a setting of Terraform',
  'importexport-version': 'it describes the export',
  policy: 'it is a setting of Terraform',
};

/** The route of all requests that no other matches. */
const pathOf = (path: string): string => (path === '/$default' ? '/{rest+}' : path);

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly operation: Section;
  /** Whether it is that of all methods. */
  readonly isAny: boolean;
}

const addRoute = (
  draft: GatewayDraft,
  file: Section,
  { path, method, operation, isAny }: Operation,
): boolean => {
  const what = `${isAny ? 'ANY' : method.toUpperCase()} ${path}`;
  const integration = integrationOf(file, operation);
  const type = textOf(integration['type'], 'none').toLowerCase();
  if (method === 'options' && type === 'mock') return false;
  const target =
    type === 'http' || type === 'http_proxy'
      ? serviceOf(draft, what, path, integration)
      : resourceOf(draft, what, integration);
  if (target === undefined) return false;
  const publicPath = pathOf(path);
  const { upstream, path: targetPath = publicPath } = target;
  const timeout = integration['timeoutInMillis'];
  draft.route({
    ...{ method, path: publicPath, upstream },
    ...securityOf(draft, file, what, operation),
    settings: {
      ...(targetPath === publicPath ? {} : { rewrite: targetPath }),
      ...draft.timeout(what, typeof timeout === 'number' ? timeout : undefined),
    },
  });
  return true;
};

const integrationOf = (file: Section, operation: Section): Section => {
  const given = sectionOf(operation[`${extension}integration`]);
  const reference = given['$ref'];
  if (typeof reference !== 'string') return given;
  const all = sectionOf(sectionOf(file['components'])[`${extension}integrations`]);
  return sectionOf(all[reference.split('/').at(-1) ?? '']);
};

interface ImportedTarget {
  readonly upstream: string;
  /** Absent: that of the request. */
  readonly path?: string;
}

const serviceOf = (
  draft: GatewayDraft,
  what: string,
  path: string,
  integration: Section,
): ImportedTarget | undefined => {
  const { names, others } = readMappings(sectionOf(integration['requestParameters']));
  const address = splitUrl(
    String(integration['uri']).replaceAll(/\{([^{}+]+)\+?\}/g, (_, name: string) =>
      marked(path, names.get(name) ?? name),
    ),
  );
  if (address === undefined) {
    draft.omit(what, `"${String(integration['uri'])}" is not an HTTP address without variables`);
    return undefined;
  }
  for (const mapping of others)
    draft.omit(`${what}: ${mapping}`, 'requests and responses pass through unchanged');
  const isProxy = textOf(integration['type']).toLowerCase() === 'http_proxy';
  for (const key of ['requestTemplates', 'responses', 'responseParameters'])
    if (Object.keys(sectionOf(integration[key])).length > 0 && !(isProxy && key === 'responses'))
      draft.omit(`${what}: ${key}`, 'requests and responses pass through unchanged');
  if (textOf(integration['connectionType']).toUpperCase() === 'VPC_LINK')
    draft.omit(
      `${what}: VPC link ${textOf(integration['connectionId'])}`,
      'the function reaches the address itself — see vpc in the settings of Terraform',
    );
  const upstream = draft.upstream(hostOf(address.origin), address.origin);
  return { upstream, path: unmarked(address.path) || '/' };
};

/** An upstream for what an integration with AWS calls, if that gets the request as it is. */
const resourceOf = (
  draft: GatewayDraft,
  what: string,
  integration: Section,
): ImportedTarget | undefined => {
  const type = textOf(integration['type'], 'none').toLowerCase();
  const subtype = textOf(integration['integrationSubtype']);
  const lambda = type === 'aws_proxy' ? functionIn(textOf(integration['uri'])) : undefined;
  if (lambda !== undefined) {
    if (textOf(integration['payloadFormatVersion']) !== '2.0')
      draft.omit(`${what}: payload format 1.0`, usualReasons.payloadFormat);
    return { upstream: draft.resource('lambda', lambda) };
  }
  const parameters = sectionOf(integration['requestParameters']);
  const service = services[subtype];
  const section = service?.sectionOf?.(parameters) ?? {};
  const arn = service?.arnOf(textOf(parameters[service.address]));
  const isWhole =
    service !== undefined &&
    parameters[service.message] === '$request.body' &&
    Object.keys(parameters).length === 2 + (service.others?.length ?? 0) &&
    // What the contract says of an upstream is a text of its own, not a mapping of API Gateway.
    !JSON.stringify(section).includes('$');
  if (arn === undefined || !isWhole) {
    const kind = [type, subtype].filter(Boolean).join(' ');
    draft.omit(what, `no upstream can be made of its integration, ${kind} (docs/upstreams.md)`);
    return undefined;
  }
  if (section['sync'] !== true)
    draft.omit(`${what}: the response of ${subtype}`, usualReasons.accepted);
  return { upstream: draft.resource(service.kind, arn, { section }) };
};

/** The ARN of a function, alone or in the address of its invocations. */
const functionIn = (uri: string): string | undefined =>
  /(?:^|\/functions\/)(arn:[\w-]+:lambda:[\w:-]+)(?:\/invocations)?$/.exec(uri)?.[1];

interface Service {
  readonly kind: 'sqs' | 'stepFunctions' | 'eventBridge';
  /** Parameters of the integration. */
  readonly address: string;
  readonly message: string;
  readonly arnOf: (address: string) => string | undefined;
  /** Its other parameters. */
  readonly others?: readonly string[];
  /** What the contract says of the upstream. */
  readonly sectionOf?: (parameters: Section) => Section;
}

const machineArn = (arn: string): string | undefined =>
  /^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[\w-]+$/.test(arn) ? arn : undefined;

/** By the subtype of an integration. */
const services: Readonly<Record<string, Service>> = {
  'SQS-SendMessage': {
    kind: 'sqs',
    address: 'QueueUrl',
    message: 'MessageBody',
    arnOf: (url) => {
      const [, region, account, name] =
        /^https:\/\/sqs\.([a-z\d-]+)\.amazonaws\.com\/(\d{12})\/([\w-]+)$/.exec(url) ?? [];
      return name === undefined ? undefined : `arn:aws:sqs:${region}:${account}:${name}`;
    },
  },
  'StepFunctions-StartExecution': {
    kind: 'stepFunctions',
    address: 'StateMachineArn',
    message: 'Input',
    arnOf: machineArn,
  },
  'StepFunctions-StartSyncExecution': {
    kind: 'stepFunctions',
    address: 'StateMachineArn',
    message: 'Input',
    arnOf: machineArn,
    sectionOf: () => ({ sync: true }),
  },
  'EventBridge-PutEvents': {
    kind: 'eventBridge',
    address: 'EventBusName',
    message: 'Detail',
    others: ['Source', 'DetailType'],
    // A name alone says nothing of the account.
    arnOf: (arn) =>
      /^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/[\w./-]+$/.test(arn) ? arn : undefined,
    sectionOf: ({ Source, DetailType }) => ({
      source: textOf(Source),
      detailType: textOf(DetailType),
    }),
  },
};

interface Asked {
  readonly name: string;
  readonly scopes: readonly string[];
}

/**
 * What API Gateway asks of the callers of an operation: one authorizer, and an API key besides. Their entries in
 * `security` are no alternatives there.
 */
const securityOf = (
  draft: GatewayDraft,
  file: Section,
  what: string,
  operation: Section,
): { readonly isProtected: boolean; readonly security?: readonly SecurityEntry[] } => {
  const given = operation['security'] ?? file['security'];
  const declared = sectionOf(sectionOf(file['components'])['securitySchemes']);
  const auth = textOf(sectionOf(operation[`${extension}auth`])['type'], 'NONE').toUpperCase();
  const asked: ReadonlyArray<Asked & { readonly definition: Section }> = [
    ...sectionsIn(given).flatMap((entry) =>
      Object.entries(entry).map(([name, scopes]) => ({
        ...{ name, scopes: textsIn(scopes) },
        definition: sectionOf(declared[name]),
      })),
    ),
    ...(auth === 'NONE' ? [] : [{ name: auth, scopes: [], definition: byAuth[auth] ?? {} }]),
  ];
  if (asked.length === 0) return { isProtected: false };
  const tokens = asked.flatMap(({ name, definition, scopes }) => {
    const issuer = issuerOf(definition);
    return issuer === undefined ? [] : [{ name, issuer, scopes }];
  });
  const signed = asked.filter(({ definition }) => isSigned(definition));
  const keys = asked.filter(({ definition }) => isApiKey(definition, file));
  if (tokens.length + signed.length + keys.length < asked.length) {
    draft.omit(
      `${what}: ${asked.map(({ name, scopes }) => [name, ...scopes].join(' ')).join(', ')}`,
      usualReasons.session,
    );
    return { isProtected: true };
  }
  const schemes = [
    ...signed.map(({ name }) => signedScheme(draft, name)),
    ...keys.map(({ name, definition }) =>
      draft.scheme(name, apiKeyIn('header', textOf(definition['name']))),
    ),
  ];
  const besides: SecurityEntry = Object.fromEntries(schemes.map((scheme) => [scheme, []]));
  if (keys.length > 0)
    draft.omit(
      'API keys and usage plans',
      'they are not in an export: create a key for each consumer, make apikey-create (docs/api-keys.md), and write plans to x-postern.plans (docs/plans.md)',
    );
  const alternatives = tokens.length === 0 ? [{}] : accessTokens(draft, tokens);
  return { isProtected: true, security: alternatives.map((each) => ({ ...each, ...besides })) };
};

/** Of an operation's `x-amazon-apigateway-auth`. */
const byAuth: Readonly<Record<string, Section>> = { AWS_IAM: signedRequests };

const isSigned = (definition: Section): boolean =>
  definition[`${extension}authtype`] === 'awsSigv4';

const isApiKey = (definition: Section, file: Section): boolean =>
  definition['type'] === 'apiKey' &&
  textOf(definition['name']).toLowerCase() === 'x-api-key' &&
  definition[`${extension}authorizer`] === undefined &&
  definition[`${extension}authtype`] === undefined &&
  file[`${extension}api-key-source`] !== 'AUTHORIZER';

/** The name of a security scheme for requests that are signed as by IAM. */
export const signedScheme = (draft: GatewayDraft, name: string): string => {
  draft.omit(
    'policies with execute-api:Invoke',
    'add the ARN of the new API to those of your callers (docs/iam.md)',
  );
  return draft.scheme(name, signedRequests);
};

/**
 * The same access tokens as JWT authorizers accept. API Gateway wants one of the scopes, and `security` all of an entry:
 * each scope is an alternative.
 */
export const accessTokens = (
  draft: GatewayDraft,
  tokens: ReadonlyArray<Asked & { readonly issuer: TokenIssuer }>,
): readonly SecurityEntry[] =>
  tokens.flatMap(({ name, issuer, scopes }) => {
    const scheme = draft.accessTokens(name, issuer);
    return scopes.length === 0
      ? [{ [scheme]: [] }]
      : scopes.map((scope) => ({ [scheme]: [scope] }));
  });

/** Of a JWT authorizer that reads the header `Authorization`. */
const issuerOf = (scheme: Section): TokenIssuer | undefined => {
  const authorizer = sectionOf(scheme[`${extension}authorizer`]);
  const { issuer, audience } = sectionOf(authorizer['jwtConfiguration']);
  const audiences = textsIn(audience);
  const source = textOf(authorizer['identitySource']);
  const isUsual = source === '' || /^\$request\.header\.authorization$/i.test(source);
  return authorizer['type'] === 'jwt' &&
    isUsual &&
    typeof issuer === 'string' &&
    issuer.startsWith('https://') &&
    audiences.length > 0
    ? { issuer, audiences }
    : undefined;
};

/** What an integration takes from a request: names of parameters of its address, and what else it sets. */
const readMappings = (mappings: Section) => {
  const names = new Map<string, string>();
  const others: string[] = [];
  for (const [to, from] of Object.entries(mappings)) {
    const [, name] = /^integration\.request\.path\.(.+)$/.exec(to) ?? [];
    const [, source] = /^method\.request\.path\.(.+)$/.exec(textOf(from)) ?? [];
    if (name !== undefined && source !== undefined) names.set(name, source);
    else if (to.replace('integration.', '') !== textOf(from).replace('method.', ''))
      others.push(to);
  }
  return { names, others };
};

/** A parameter of the integration's address, in characters of a path. The same as in the path of the route. */
const marked = (path: string, name: string): string =>
  `%7B${name === 'proxy' && path === '/$default' ? 'rest' : name}${path.includes(`{${name}+}`) || path === '/$default' ? '+' : ''}%7D`;

const unmarked = (path: string): string => path.replaceAll('%7B', '{').replaceAll('%7D', '}');

/** With what the export says of operations: parameters, bodies, responses and schemas. */
const withDocumentation = (
  contract: Imported['contract'],
  file: Section,
  operations: ReadonlyMap<string, Section>,
): Imported['contract'] => {
  const { securitySchemes } = sectionOf(contract['components']);
  const paths = Object.entries(sectionOf(contract['paths'])).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(sectionOf(item)).map(([key, value]) => {
        const operation = operations.get(`${key} ${path}`);
        if (operation === undefined) return [key, value];
        const said = documented(withoutKey(operation, value, sectionOf(securitySchemes)));
        return [key, { ...said, ...sectionOf(value), ...responsesOf(operation) }];
      }),
    ),
  ]);
  const { schemas } = sectionOf(file['components']);
  const components = {
    ...sectionOf(contract['components']),
    ...(schemas === undefined ? {} : { schemas }),
  };
  return {
    ...contract,
    openapi: typeof file['openapi'] === 'string' ? file['openapi'] : '3.0.1',
    paths: Object.fromEntries(paths) as unknown,
    ...(Object.keys(components).length > 0 && { components }),
  };
};

/** Where a security scheme has the API key, it is no parameter. */
const withoutKey = (operation: Section, drafted: unknown, schemes: Section): Section => {
  const names = sectionsIn(sectionOf(drafted)['security']).flatMap((entry) => Object.keys(entry));
  const headers = names.flatMap((name) => {
    const { name: header, 'x-postern': method } = sectionOf(schemes[name]);
    return 'apiKey' in sectionOf(method) ? [textOf(header).toLowerCase()] : [];
  });
  if (headers.length === 0 || !Array.isArray(operation['parameters'])) return operation;
  const parameters = sectionsIn(operation['parameters']).filter(
    (parameter) =>
      parameter['in'] !== 'header' || !headers.includes(textOf(parameter['name']).toLowerCase()),
  );
  return { ...operation, parameters };
};

const documentation = [
  'operationId',
  'summary',
  'description',
  'tags',
  'parameters',
  'requestBody',
  'deprecated',
];

const documented = (operation: Section): Section => ({
  ...Object.fromEntries(
    documentation.flatMap((key) => (operation[key] === undefined ? [] : [[key, operation[key]]])),
  ),
  ...(Array.isArray(operation['parameters']) && {
    // The export of an HTTP API says `proxy+` here, too.
    parameters: sectionsIn(operation['parameters']).map((parameter) => ({
      ...parameter,
      ...(typeof parameter['name'] === 'string' && { name: parameter['name'].replace(/\+$/, '') }),
    })),
  }),
});

const responsesOf = ({ responses }: Section): Section =>
  Object.keys(sectionOf(responses)).length === 0 ? {} : { responses };

export const isAwsExport = (file: Section): boolean =>
  JSON.stringify(file).includes(`"${extension}integration"`) ||
  textsIn(Object.keys(file)).some((key) => key.startsWith(extension));
