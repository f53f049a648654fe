import {
  allMethods,
  GatewayDraft,
  hostOf,
  type Imported,
  type Section,
  type TokenIssuer,
  sectionOf,
  sectionsIn,
  textOf,
  splitUrl,
  textsIn,
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
  'api-key-source': 'operations ask for a session instead',
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
  const given = sectionOf(operation[`${extension}integration`]);
  const reference = given['$ref'];
  const integration =
    typeof reference === 'string'
      ? sectionOf(
          sectionOf(sectionOf(file['components'])[`${extension}integrations`])[
            reference.split('/').at(-1) ?? ''
          ],
        )
      : given;
  const type = textOf(integration['type'], 'none').toLowerCase();
  if (method === 'options' && type === 'mock') return false;
  const { names, others } = readMappings(sectionOf(integration['requestParameters']));
  const address = splitUrl(
    String(integration['uri']).replaceAll(/\{([^{}+]+)\+?\}/g, (_, name: string) =>
      marked(path, names.get(name) ?? name),
    ),
  );
  if (type !== 'http' && type !== 'http_proxy') {
    draft.omit(what, `the contract has no upstream for its integration, ${type}`);
    return false;
  }
  if (address === undefined) {
    draft.omit(what, `"${String(integration['uri'])}" is not an HTTP address without variables`);
    return false;
  }
  for (const mapping of others)
    draft.omit(`${what}: ${mapping}`, 'requests and responses pass through unchanged');
  for (const key of ['requestTemplates', 'responses', 'responseParameters'])
    if (
      Object.keys(sectionOf(integration[key])).length > 0 &&
      (type === 'http' || key !== 'responses')
    )
      draft.omit(`${what}: ${key}`, 'requests and responses pass through unchanged');
  if (textOf(integration['connectionType']).toUpperCase() === 'VPC_LINK')
    draft.omit(
      `${what}: VPC link ${textOf(integration['connectionId'])}`,
      'the function reaches the address itself — see vpc in the settings of Terraform',
    );
  const upstream = draft.upstream(hostOf(address.origin), address.origin);
  const target = unmarked(address.path) || '/';
  const publicPath = pathOf(path);
  const security = operation['security'] ?? file['security'];
  const entries = (Array.isArray(security) ? security : []).map(sectionOf);
  const schemes = entries.flatMap((each) =>
    Object.entries(each).map(([name, scopes]) => [name, ...textsIn(scopes)].join(' ')),
  );
  const auth = textOf(sectionOf(operation[`${extension}auth`])['type'], 'NONE');
  if (auth.toUpperCase() !== 'NONE') schemes.push(auth);
  const isProtected = schemes.length > 0;
  const byTokens = auth.toUpperCase() === 'NONE' ? accessTokens(draft, file, entries) : undefined;
  if (isProtected && byTokens === undefined) {
    draft.omit(
      `${what}: ${schemes.join(', ')}`,
      'the operation asks for a session instead — change the scheme in components.securitySchemes',
    );
  }
  const timeout = integration['timeoutInMillis'];
  draft.route({
    method,
    path: publicPath,
    upstream,
    isProtected,
    security: byTokens,
    settings: {
      ...(target === publicPath ? {} : { rewrite: target }),
      ...draft.timeout(what, typeof timeout === 'number' ? timeout : undefined),
    },
  });
  return true;
};

/**
 * The same access tokens as JWT authorizers accept, or undefined if another authorizer is among them. API Gateway wants
 * one of the scopes, and `security` all of an entry: each scope is an alternative.
 */
const accessTokens = (
  draft: GatewayDraft,
  file: Section,
  entries: readonly Section[],
): ReadonlyArray<Readonly<Record<string, readonly string[]>>> | undefined => {
  const declared = sectionOf(sectionOf(file['components'])['securitySchemes']);
  const found = entries.map((entry) => {
    const [[name, scopes] = ['', []], ...others] = Object.entries(entry);
    const issuer = others.length === 0 ? issuerOf(sectionOf(declared[name])) : undefined;
    return issuer && { name, issuer, scopes: textsIn(scopes) };
  });
  const known = found.filter((each) => each !== undefined);
  if (known.length === 0 || known.length < found.length) return undefined;
  return known.flatMap(({ name, issuer, scopes }) => {
    const scheme = draft.accessTokens(name, issuer);
    return scopes.length === 0
      ? [{ [scheme]: [] }]
      : scopes.map((scope) => ({ [scheme]: [scope] }));
  });
};

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
  const paths = Object.entries(sectionOf(contract['paths'])).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(sectionOf(item)).map(([key, value]) => {
        const operation = operations.get(`${key} ${path}`);
        return operation === undefined
          ? [key, value]
          : [key, { ...documented(operation), ...sectionOf(value), ...responsesOf(operation) }];
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
