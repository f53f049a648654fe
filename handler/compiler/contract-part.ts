import type { ContractDocument, methods, Operation, PathItem, Security } from './document.ts';
import type { UpstreamKindKeys } from './check-upstreams.ts';
import type { Target } from '../src/contract.ts';
import type { OwnResponses } from './own-responses.ts';
import type { Permission } from './permissions.ts';
import type { RoutePlan } from './plan.ts';
import type { PathTemplate } from './path-template.ts';
import type { Path, Report } from './problem.ts';
import { nearestSetting, sectionsOf } from './sections.ts';
import { mappedSchemes, type SchemeDefinition } from './mapped-schemes.ts';

/** The JSON Schema of one key, with its texts for editors and the reference. */
export interface KeySchema {
  readonly description?: string;
  readonly default?: unknown;
  readonly [keyword: string]: unknown;
}

export type Keys = Readonly<Record<string, KeySchema>>;

/** The type of a value by its schema. Any part may be absent: invalid parts are reported and removed. */
export type Said<S> = S extends {
  readonly $ref: '#/$defs/duration' | '#/$defs/size' | '#/$defs/path';
}
  ? string
  : S extends { readonly const: infer C }
    ? C
    : S extends { readonly enum: ReadonlyArray<infer E> }
      ? E
      : S extends { readonly then: infer T; readonly else: infer E }
        ? Said<T> | Said<E>
        : S extends { readonly if: infer I; readonly else: infer E }
          ? Said<I> | Said<E>
          : S extends { readonly properties: infer P }
            ? { readonly [K in keyof P]?: Said<P[K]> | undefined }
            : S extends { readonly items: infer I }
              ? ReadonlyArray<Said<I> | undefined>
              : S extends { readonly type: 'object'; readonly additionalProperties: infer V }
                ? Readonly<Record<string, Said<V> | undefined>>
                : S extends { readonly type: infer T extends keyof Scalars }
                  ? Scalars[T]
                  : unknown;

interface Scalars {
  readonly string: string;
  readonly integer: number;
  readonly number: number;
  readonly boolean: boolean;
  readonly null: null;
}

type Section<K extends Keys> = { readonly [N in keyof K]?: Said<K[N]> | undefined };

/** A section whose absent keys have the defaults of its schema. */
export const withDefaults = <const P extends Keys>(
  { properties }: { readonly properties: P },
  section: Section<NoInfer<P>> | undefined,
): WithDefaults<P> => {
  const given = (section ?? {}) as Readonly<Record<string, unknown>>;
  const entries = Object.entries(properties).map(([name, schema]) => [
    name,
    given[name] ?? schema.default,
  ]);
  return Object.fromEntries(entries) as WithDefaults<P>;
};

type WithDefaults<P extends Keys> = {
  readonly [K in keyof P]: P[K] extends { readonly default: unknown }
    ? Said<P[K]>
    : Said<P[K]> | undefined;
};

/** An operation that a route is made of. */
export interface PlannedOperation {
  /** Of its route: `GET /users/{user_id}`. */
  readonly id: string;
  readonly path: string;
  readonly template: PathTemplate;
  readonly item: PathItem;
  readonly method: (typeof methods)[number];
  readonly operation: Operation;
  readonly place: Path;
}

/** A value of the document and where it is written. */
export interface Located<T> {
  readonly value: T;
  readonly path: Path;
}

/** A route, and the operation that it is made of; the gateway's own routes have none. */
export interface PlannedRoute {
  readonly plan: RoutePlan;
  readonly operation: PlannedOperation | undefined;
}

/** The contract as one part sees it. */
export interface ContractView<
  Root extends Keys,
  Route extends Keys,
  SignIn extends KeySchema = KeySchema,
  Upstream extends Keys = Keys,
  BuiltIn extends Keys = Keys,
> {
  readonly document: ContractDocument;
  /** The values of the part's keys in the document's `x-postern`. */
  readonly root: Section<Root>;
  /** The values of the part's keys in the document's `x-postern.builtIn`. */
  readonly builtIn: Section<BuiltIn>;
  /** The values of the part's keys in the document's `x-postern.defaults`. */
  readonly defaults: Section<Route>;
  /** The values of the part's name in the security schemes that name it as their sign-in method. */
  readonly schemes: ReadonlyArray<
    Located<Said<SignIn>> & {
      readonly name: string;
      /** By which the access of routes names it. */
      readonly method: string;
      readonly definition: SchemeDefinition;
    }
  >;
  /** Whether a route has the part's sign-in method. */
  readonly signsIn: boolean;
  /** The upstreams of the part's kind. */
  readonly upstreams: ReadonlyArray<Located<Section<Upstream>> & { readonly name: string }>;
  readonly operations: readonly PlannedOperation[];
  /** Of all operations, and the gateway's own. */
  readonly routes: readonly PlannedRoute[];
  /** By the keys that name the kind of an upstream. */
  readonly upstreamKinds: UpstreamKindKeys;
  /** The value of the closest of operation, path item and defaults, as a whole. */
  readonly nearest: <K extends keyof Route & string>(
    operation: PlannedOperation,
    key: K,
  ) => { readonly value: Said<Route[K]>; readonly path: Path } | undefined;
  /** Every position where a key is set, whether or not an operation uses it. */
  readonly everywhere: <K extends keyof Route & string>(
    key: K,
  ) => ReadonlyArray<Located<Said<Route[K]>>>;
  readonly report: Report;
  /** Warns of something that is valid, but perhaps not intended. */
  readonly warn: Report;
}

/** A part's view of a contract. The types of its own keys follow from their schemas. */
export const viewFor = (
  name: string,
  part: ContractPart,
  {
    document,
    ...rest
  }: Omit<
    ContractView<Keys, Keys>,
    'root' | 'builtIn' | 'defaults' | 'schemes' | 'signsIn' | 'upstreams' | 'nearest' | 'everywhere'
  >,
): ContractView<Keys, Keys> => {
  const { root = {}, route = {}, builtIn = {}, upstream: upstreamKeys } = part;
  const postern = (document['x-postern'] ?? {}) as SaidKeys;
  return {
    ...rest,
    document,
    root: ownKeys(root, postern),
    builtIn: ownKeys(builtIn, postern['builtIn']),
    defaults: ownKeys(route, postern['defaults']),
    upstreams: Object.entries(document['x-postern']?.upstreams ?? {}).flatMap(
      ([upstream, section]) =>
        upstreamKeys?.[name] === undefined || section?.[name] === undefined
          ? []
          : [{ name: upstream, value: section, path: ['x-postern', 'upstreams', upstream] }],
    ),
    schemes: mappedSchemes(document).flatMap(({ name: scheme, section, path, definition }) => {
      const value = section?.[name];
      if (value === undefined) return [];
      const method = methodName(name, part, scheme);
      return [{ value, path: [...path, name], name: scheme, method, definition }];
    }),
    signsIn: rest.routes.some(
      ({ plan: { access } }) =>
        access.kind === 'signed-in' && access.alternatives.some((needed) => name in needed),
    ),
    everywhere: (key) =>
      sectionsOf(document).flatMap(({ section, path }) => {
        const value = section?.[key];
        return value === undefined ? [] : [{ value, path: [...path, key] }];
      }),
    nearest: (operation, key) => nearestSetting(document, operation)(key),
  };
};

/** The name of a sign-in method for a scheme, by which the access of routes and the tables of the gateway have it. */
export const methodName = (part: string, { signInBy }: ContractPart, scheme: string): string =>
  signInBy === 'scheme' ? `${part}:${scheme}` : part;

/** The values of a part's keys in the document's `x-postern.builtIn`. */
export const builtInSection = (
  { builtIn = {} }: ContractPart,
  document: ContractDocument,
): SaidKeys => ownKeys(builtIn, document['x-postern']?.builtIn);

const ownKeys = (keys: Keys, section: unknown): SaidKeys =>
  Object.fromEntries(
    Object.keys(keys).map((key) => [key, (section as SaidKeys | undefined)?.[key]]),
  );

type SaidKeys = Readonly<Record<string, unknown>>;

/** JavaScript. */
export type Code = string;

export interface EmitTools {
  /** The folder of the handler's sources, as seen from the generated modules. */
  readonly runtime: string;
  /** Imports an export of one of the part's own modules, and returns the name to use. */
  readonly use: (name: string, file: string) => Code;
  /** As `use`, of a module in the folder `stores`. */
  readonly useStore: (name: string, file: string) => Code;
  /** Imports all exports of a module that the part generates, or that the build makes. */
  readonly useAll: (name: string, file: string) => Code;
}

/** A route that the gateway itself serves. */
export interface BuiltInPlan {
  readonly target: Target;
  /** Default: GET. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  /** As that of an operation. */
  readonly security: readonly Security[] | undefined;
  /** Its key in `x-postern.builtIn`, which can give it another path. */
  readonly key: string;
  /** Default: no body. */
  readonly maxBodyBytes?: number;
}

/** A module that the build makes of code of the project or of a package, with checked options. */
export interface ProjectModule {
  /** Of the generated module, beside `contract.js`. It exports the code's default, and `options`. */
  readonly file: string;
  /** A path from the contract's folder that begins with `./` or `../`, or the name of a package. */
  readonly use: string;
  /** Checked by the schema that the code itself has. */
  readonly options: unknown;
  /** Of the section with `use` and `with`. */
  readonly path: Path;
}

/** The generated code of a part. */
export interface Emission {
  /** Makes the middleware: a `Feature`. Absent: the pipeline has none. */
  readonly feature?: Code;
  /** Further ones, by their names in the pipeline. */
  readonly features?: Readonly<Record<string, Code>>;
  readonly projectModules?: readonly ProjectModule[];
  /** The policies of upstreams, by name. */
  readonly upstreams?: Readonly<Record<string, Code>>;
  /** A `SignInMethod`, or one for each scheme, by its method. Absent: no route needs it. */
  readonly signIn?: Code | Readonly<Record<string, Code>>;
  /** An `UpstreamKind`. Absent: no route needs it. */
  readonly upstreamKind?: Code;
  /** Wraps every `UpstreamKind`: for what surrounds the calls to an upstream. */
  readonly aroundUpstreams?: Code;
  /** The stores that the part needs, each a `StoreKind`. */
  readonly stores?: Readonly<Record<string, Code>>;
  /** Further keys of the generated contract. */
  readonly contract?: Readonly<Record<string, Code>>;
  /** Further properties of a route. */
  readonly route?: (id: string) => Readonly<Record<string, Code>>;
  /** What the published document says of the route's responses. */
  readonly responses?: (id: string) => OwnResponses;
  /** Code before the tables. */
  readonly statements?: readonly Code[];
  /** What the part's code does on AWS while the gateway runs: the function's role permits this and nothing else. */
  readonly permissions?: readonly Permission[];
  /** Data for Terraform: additional keys of `contract.json`. */
  readonly summary?: Readonly<Record<string, unknown>>;
  /** Names of the required values in tfvars: those that the part's keys refer to as `${name}`. */
  readonly values?: readonly string[];
  /** Those that the function needs, in `GATEWAY_VALUE_<name>`. */
  readonly functionValues?: readonly string[];
  /** Makes the part's built-in routes, by name: each a `BuiltInRoute`. */
  readonly builtIn?: Readonly<Record<string, Code>>;
  /** Files that the build puts beside the code, each compressed by Brotli with the ending `.br`. */
  readonly files?: readonly string[];
  /** Modules beside `contract.js`, by file name. */
  readonly modules?: Readonly<Record<string, Code>>;
}

/**
 * The declaration of a handler folder for the compiler. Its keys are declared only here: the schema for editors, the
 * types, the problems and the reference in the docs follow from them.
 */
export interface ContractPart<
  Root extends Keys = Keys,
  Route extends Keys = Keys,
  SignIn extends KeySchema = KeySchema,
  Upstream extends Keys = Keys,
  BuiltIn extends Keys = Keys,
> {
  /** Seen from `handler/src`, such as `features/cors`. */
  readonly folder: string;
  /** Keys of the document's `x-postern`. */
  readonly root?: Root;
  /** Keys that an operation, a path item and the defaults can set in the same form. */
  readonly route?: Route;
  /** A sign-in method: the value of the part's name in a security scheme, `x-postern: { session: {} }`. */
  readonly signIn?: SignIn;
  /**
   * `scheme`: each security scheme is a method of its own, because a credential for one says nothing about another.
   * Absent: all schemes with this method are one.
   */
  readonly signInBy?: 'scheme';
  /** A kind of upstream: the keys that such an upstream can have. The part's own name is the key of the kind. */
  readonly upstream?: Upstream;
  /** Of a kind of upstream: what the targets of its operations have beyond what all have. Reports their problems. */
  readonly target?: (
    operation: PlannedOperation,
    nearest: <K extends keyof Route & string>(key: K) => Located<Said<Route[K]>> | undefined,
    report: Report,
  ) => object;
  /** Keys of operations in place of `upstream`: the part's own run time responds. Its name is the kind of the target. */
  readonly insteadOfUpstream?: readonly (keyof Route & string)[];
  /** Keys of `x-postern.builtIn`, each for routes that the gateway itself serves. */
  readonly builtIn?: BuiltIn;
  /** These routes. */
  readonly routes?: (
    builtIn: Section<BuiltIn>,
    document: ContractDocument,
  ) => readonly BuiltInPlan[];
  /** Former names of keys, each with its replacement. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Keys that the document's defaults must have. */
  readonly requiredDefaults?: readonly (keyof Route & string)[];
  /**
   * Reports every problem. The returned function runs only if no part has a problem, and returns the generated code.
   */
  readonly compile: (
    view: ContractView<Root, Route, SignIn, Upstream, BuiltIn>,
  ) => (tools: EmitTools) => Emission;
}

type NoKeys = Readonly<Record<never, KeySchema>>;

/** Declares a part: the types that `compile` sees come from the keys. */
export const contractPart = <
  const Root extends Keys = NoKeys,
  const Route extends Keys = NoKeys,
  const SignIn extends KeySchema = KeySchema,
  const Upstream extends Keys = NoKeys,
  const BuiltIn extends Keys = NoKeys,
>(
  part: ContractPart<Root, Route, SignIn, Upstream, BuiltIn>,
): ContractPart => part as unknown as ContractPart;
