import { parse } from 'yaml';

type Section = Record<string, unknown>;

/**
 * An example of the documentation as a whole contract: what the page leaves out is added. Undefined: the block is no part
 * of a contract.
 */
export const completeExample = (block: string): string | undefined => {
  // Its other documents, and values that a page leaves out, are not there.
  if (/^\s*apis:|…/m.test(block.replaceAll(/#.*$/gm, ''))) return undefined;
  const said = placed(sectionOf(parse(block)));
  if (said === undefined) return undefined;
  const declared = [
    ...[...block.matchAll(/\$request\.(header|query)\.([\w-]+)/g)].map(([, where, name]) => ({
      ...{ name, in: where, schema: {} },
    })),
    ...[...block.matchAll(/query: \[([\w, ]+)\]/g)].flatMap(([, names = '']) =>
      names.split(', ').map((name) => ({ name, in: 'query', schema: {} })),
    ),
  ];
  const postern = sectionOf(said['x-postern']);
  const upstreams = sectionOf(postern['upstreams']);
  const ofUpstreams = said['paths'] === undefined ? pathsTo(upstreams, block) : {};
  const paths = Object.entries(sectionOf(said['paths'] ?? ofUpstreams));
  for (const part of partsIn(block)) paths.push([part, { get: {} }]);
  for (const [path, item] of paths) complete(path, sectionOf(item), declared);
  for (const own of [postern['defaults'], ...paths.flatMap(([, item]) => settingsIn(item))])
    for (const name of namesIn(sectionOf(own)))
      upstreams[name] ??= 's3' in sectionOf(own) ? { s3: {} } : { http: {} };
  const schemes = sectionOf(sectionOf(said['components'])['securitySchemes']);
  for (const name of ['session', ...schemesIn(block)]) schemes[name] ??= schemeOf(name);
  const document = {
    openapi: '3.1.0',
    info: { title: 'Example', version: '1' },
    security: [{ session: [] }],
    ...said,
    'x-postern': {
      version: 1,
      failureLimit: false,
      ...postern,
      upstreams: { other: { http: {} }, ...upstreams },
      defaults: { rateLimits: [], upstream: 'other', ...sectionOf(postern['defaults']) },
    },
    paths: Object.fromEntries(paths),
    components: { ...sectionOf(said['components']), securitySchemes: schemes },
  };
  return JSON.stringify(document);
};

/** The block where it belongs in a document. */
const placed = (written: Section): Section | undefined => {
  const keys = Object.keys(written);
  if (keys.length === 0) return undefined;
  if (keys.every((key) => key.startsWith('/'))) return { paths: written };
  if (keys.every((key) => ofDocument.has(key))) return written;
  if (keys.every((key) => Object.keys(sectionOf(written[key])).some((each) => kinds.has(each))))
    return { 'x-postern': { upstreams: written } };
  if (keys.every((key) => 'type' in sectionOf(written[key])))
    return {
      paths: { '/example': { get: {} } },
      security: keys.map((key) => ({ [key]: [] })),
      components: { securitySchemes: written },
    };
  return keys.includes('credentials')
    ? { 'x-postern': { upstreams: { example: { http: {}, ...written } } } }
    : undefined;
};

const ofDocument = new Set(['openapi', 'info', 'x-postern', 'paths', 'components', 'security']);
const kinds = new Set(['http', 'lambda', 'sqs', 'sns', 'eventBridge', 's3', 'stepFunctions']);

/** A route to each upstream, with the path parameters of all. */
const pathsTo = (upstreams: Section, block: string): Section => {
  const names = new Set(
    [...block.matchAll(/\$request\.path\.(\w+)/g)].map(([, name = '']) => `/{${name}}`),
  );
  return Object.fromEntries(
    Object.keys(upstreams)
      .filter((name) => !('s3' in sectionOf(upstreams[name])))
      .map((name) => [
        `/${name}${[...names].join('')}`,
        { post: { 'x-postern': { upstream: name } } },
      ]),
  );
};

const methods = ['get', 'put', 'post', 'patch', 'delete'];

const operationsOf = (item: Section): readonly Section[] =>
  methods.flatMap((method) => (method in item ? [sectionOf(item[method])] : []));

const complete = (path: string, item: Section, declared: readonly object[]): void => {
  const own = [item, ...operationsOf(item)].flatMap(({ parameters }) =>
    Array.isArray(parameters) ? parameters.map(sectionOf) : [],
  );
  const known = new Set(own.map(({ name }) => name));
  const ofPath = [...path.matchAll(/\{([^{}+]+)\+?\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }));
  const others = [...ofPath, ...declared].filter(({ name }: { name?: string }) => !known.has(name));
  const given = Array.isArray(item['parameters']) ? (item['parameters'] as readonly unknown[]) : [];
  item['parameters'] = [
    ...given,
    ...new Map(others.map((each) => [JSON.stringify(each), each])).values(),
  ];
  for (const method of methods.filter((each) => each in item)) {
    const operation = sectionOf(item[method]);
    operation['responses'] ??= { default: { description: 'A response' } };
    if (method !== 'get' && method !== 'delete')
      operation['requestBody'] ??= { content: { 'application/json': {} } };
    item[method] = operation;
  }
};

const settingsIn = (item: unknown): readonly unknown[] => {
  const section = sectionOf(item);
  return [section, ...operationsOf(section)].map((each) => each['x-postern']);
};

/** Of the upstreams that a section refers to. */
const namesIn = ({ upstream, mirror }: Section): readonly string[] =>
  [upstream, sectionOf(mirror)['upstream']].flat().flatMap((each) => {
    const name = typeof each === 'string' ? each : sectionOf(each)['name'];
    return typeof name === 'string' ? [name] : [];
  });

/** The paths of the routes that a combined response is made of. */
const partsIn = (block: string): readonly string[] =>
  [...block.matchAll(/\bget: '?(\/[^?'\s,]+)/g)].map(([, path = '']) =>
    path.replaceAll(/\{\$request\.path\.(\w+)\}/g, '{$1}'),
  );

const schemesIn = (block: string): readonly string[] =>
  [...block.matchAll(/security: \[\{ ?(\w+):/g)].map(([, name = '']) => name);

const schemeOf = (name: string): object =>
  name === 'jwt'
    ? {
        ...{ type: 'oauth2', flows: {} },
        'x-postern': {
          jwt: { issuer: 'https://login.example.com', audiences: ['api'], algorithms: ['RS256'] },
        },
      }
    : { type: 'http', scheme: 'bearer', 'x-postern': { session: {} } };

const sectionOf = (value: unknown): Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};
