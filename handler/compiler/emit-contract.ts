import { posix } from 'node:path';
import { groupBy } from './group-by.ts';
import { segmentTemplate } from '../src/pipeline/segment-template.ts';
import { emitList, emitObject, literal } from './code.ts';
import type { Code, ContractPart, Emission, EmitTools } from './contract-part.ts';
import type { OwnResponses } from './own-responses.ts';
import type { ContractPlan, RoutePlan } from './plan.ts';
import { mergedPermissions } from './permissions.ts';
import { runtimeModule } from './runtime-module.ts';

export interface PartEmitter extends Pick<ContractPart, 'folder'> {
  /** The name of its step in the pipeline, or of its sign-in method. */
  readonly name: string;
  readonly emit: (tools: EmitTools) => Emission;
}

export interface EmittedContract extends Required<
  Pick<Emission, 'summary' | 'values' | 'projectModules'>
> {
  /** The names of those that the pipeline has. */
  readonly features: readonly string[];
  /** By file name. */
  readonly modules: Readonly<Record<string, Code>>;
  /** Files that the build puts beside the code. */
  readonly files: readonly string[];
  /** Of each route. */
  readonly responses: ReadonlyMap<string, OwnResponses>;
}

/** The modules that the handler imports: tables, functions written for them, and of the handler only what they use. */
export const emitContract = (
  { upstreams, routes }: ContractPlan,
  emitters: readonly PartEmitter[],
  runtime: string,
): EmittedContract => {
  const imports = new Map<string, string>();
  const add = (name: string, statement: Code): Code => {
    if ((imports.get(name) ?? statement) !== statement)
      throw new TypeError(`Two modules export "${name}": rename one of them`);
    imports.set(name, statement);
    return name;
  };
  const emissions = emitters.map(({ name, folder, emit }) => {
    const tools: EmitTools = {
      runtime,
      use: (name, file) =>
        add(name, `import { ${name} } from '${runtimeModule(runtime, posix.join(folder, file))}';`),
      useStore: (name, file) =>
        add(
          name,
          `import { ${name} } from '${runtimeModule(runtime, posix.join('stores', file))}';`,
        ),
      useAll: (name, file) => add(name, `import * as ${name} from './${file}';`),
    };
    return { name, ...emit(tools) };
  });
  const tableOf = (key: 'feature' | 'signIn' | 'upstreamKind'): Readonly<Record<string, Code>> =>
    Object.fromEntries(
      emissions.flatMap(({ name, [key]: code }) => {
        if (code === undefined) return [];
        if (typeof code === 'string') return [[name, code]];
        return Object.entries(code).map(([method, each]) => [literal(method), each]);
      }),
    );
  const features = { ...tableOf('feature'), ...merged(emissions.map((each) => each.features)) };
  const functionValues = [...new Set(emissions.flatMap((each) => each.functionValues ?? []))];
  const policies = merged(emissions.map((each) => each.upstreams));
  if (routes.some(({ path }) => path.split('/').some((segment) => segmentTemplate(segment))))
    add(
      'segmentTemplate',
      `import { segmentTemplate } from '${runtimeModule(runtime, 'pipeline/segment-template.ts')}';`,
    );
  const table = routes.map((route) =>
    membersOf(
      route,
      emissions.map((emission) => emission.route?.(route.id) ?? {}),
    ),
  );
  const shared = sharedCode(table.flatMap((members) => Object.values(members)));
  const contract = [
    ...imports.values(),
    ...emissions.flatMap(({ statements = [] }) => statements),
    ...[...shared].map(([code, name]) => `const ${name} = ${code};`),
    `export const contract = ${emitObject({
      upstreams: emitObject(
        Object.fromEntries(upstreams.map((name) => [literal(name), policies[name] ?? ''])),
      ),
      routes: emitList(
        table.map((members) =>
          emitObject(mapValues<Code>(members, (code) => shared.get(code) ?? code)),
        ),
      ),
      ...(imports.has('segmentTemplate') && { segmentTemplate: 'segmentTemplate' }),
      ...merged(emissions.map((each) => each.contract)),
    })};`,
    // Code that no route uses is not imported, and adds no byte to the zip.
    `export const features = ${emitObject(features)};`,
    `export const signIn = ${emitObject(tableOf('signIn'))};`,
    `export const upstreams = ${emitObject(mapValues(tableOf('upstreamKind'), (kind: Code) => wrapped(kind, emissions)))};`,
    `export const stores = ${emitObject(merged(emissions.map(({ stores }) => stores)))};`,
    routes.some(hasSeveralMethods)
      ? `export { admitByAny } from '${runtimeModule(runtime, 'pipeline/admit-by-any.ts')}';`
      : 'export const admitByAny = undefined;',
    `export const builtIn = ${emitObject(merged(emissions.map(({ builtIn }) => builtIn)))};`,
    // In the zip, files lie beside the bundle that this module becomes a part of.
    'export const folder = import.meta.dirname;',
    '',
  ].join('\n');
  return {
    modules: Object.assign({}, ...emissions.map(({ modules }) => modules), {
      'contract.js': contract,
    }) as EmittedContract['modules'],
    summary: Object.assign(
      {},
      { permissions: mergedPermissions(emissions.flatMap(({ permissions = [] }) => permissions)) },
      ...emissions.map(({ summary }) => summary),
      functionValues.length > 0 && { function_values: functionValues },
    ) as EmittedContract['summary'],
    features: Object.keys(features),
    projectModules: emissions.flatMap(({ projectModules = [] }) => projectModules),
    values: [...new Set(emissions.flatMap(({ values = [] }) => values))],
    files: emissions.flatMap(({ files = [] }) => files),
    responses: new Map(
      routes.map(({ id }) => [id, joined(emissions.map((each) => each.responses?.(id) ?? {}))]),
    ),
  };
};

const joined = (each: readonly OwnResponses[]): OwnResponses => ({
  errors: each.flatMap(({ errors = [] }) => errors),
  headers: Object.assign({}, ...each.map(({ headers }) => headers)) as Readonly<
    Record<string, object>
  >,
});

export const emitDeclaration = (runtime: string): Code =>
  [
    `import type { CompiledContract } from '${runtimeModule(runtime, 'parts.ts')}';`,
    '',
    ...[
      'contract',
      'features',
      'signIn',
      'upstreams',
      'stores',
      'admitByAny',
      'builtIn',
      'folder',
    ].map((name) => `export declare const ${name}: CompiledContract['${name}'];`),
    '',
  ].join('\n');

/** By the first of the parts outermost. */
const wrapped = (kind: Code, emissions: ReadonlyArray<Pick<Emission, 'aroundUpstreams'>>): Code =>
  emissions.reduceRight(
    (code, { aroundUpstreams: wrap }) => (wrap === undefined ? code : `${wrap}(${code})`),
    kind,
  );

/** What several parts name has the same code in all. */
const merged = (
  tables: ReadonlyArray<Readonly<Record<string, Code>> | undefined>,
): Readonly<Record<string, Code>> => Object.assign({}, ...tables) as Readonly<Record<string, Code>>;

const methodsOf = ({ access }: RoutePlan): readonly string[] =>
  access.kind === 'public' ? [] : [...new Set(access.alternatives.flatMap(Object.keys))];

const hasSeveralMethods = (route: RoutePlan): boolean => methodsOf(route).length > 1;

/** A route with one sign-in method names it, so that no request has to look for it. */
const emitAccess = (route: RoutePlan): Code => {
  const [method, ...more] = methodsOf(route);
  const isOne = method !== undefined && more.length === 0;
  return literal({ ...route.access, ...(isOne && { method }) });
};

const membersOf = (
  route: RoutePlan,
  properties: ReadonlyArray<Readonly<Record<string, Code>>>,
): Readonly<Record<string, Code>> => ({
  ...mapValues(route, literal),
  access: emitAccess(route),
  ...merged(properties),
});

/**
 * Names for what several routes have in common, such as the rules for their requests: it is loaded once. A name for
 * less would be longer than the code.
 */
const sharedCode = (codes: readonly Code[]): ReadonlyMap<Code, string> => {
  const found = groupBy(codes, (code) => code);
  const shared = [...found].filter(([code, { length }]) => length > 1 && code.length > shortest);
  return new Map(shared.map(([code], index) => [code, `shared_${index}`]));
};

const shortest = 40;

const mapValues = <T>(owner: object, map: (value: T) => Code): Readonly<Record<string, Code>> =>
  Object.fromEntries(Object.entries(owner).map(([key, value]) => [key, map(value as T)]));
