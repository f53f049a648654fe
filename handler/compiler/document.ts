/**
 * The contract as it is read. Everything may be absent: invalid values are reported and removed, so that later checks
 * can continue and report further problems.
 */
export interface ContractDocument {
  readonly 'x-postern'?: PosternSection;
  readonly security?: readonly Security[];
  readonly servers?: readonly unknown[];
  readonly paths?: Readonly<Record<string, PathItem | undefined>>;
  readonly components?: {
    readonly securitySchemes?: Readonly<Record<string, SecurityScheme | undefined>>;
    readonly schemas?: Readonly<Record<string, unknown>>;
  };
}

export interface PosternSection {
  readonly upstreams?: Readonly<Record<string, UpstreamSection | undefined>>;
  readonly defaults?: OperationSection;
  /** The parts declare its keys. */
  readonly builtIn?: OperationSection;
  /** For schemes that have no section of their own. */
  readonly securitySchemes?: Readonly<Record<string, SignInSection | undefined>>;
}

/** Its only key is the sign-in method, or `open`. */
export type SignInSection = Readonly<Record<string, unknown>>;

/** One key is the kind; the kind's part declares the others, except these. */
export interface UpstreamSection {
  readonly timeout?: string;
  readonly [key: string]: unknown;
}

/** The parts declare its keys. */
export type OperationSection = Readonly<Record<string, unknown>>;

export interface SecurityScheme {
  readonly 'x-postern'?: SignInSection;
}

/** One alternative: all its schemes, each with all required roles. */
export type Security =
  Readonly<Record<string, readonly (string | undefined)[] | undefined>> | undefined;

export const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;

export type PathItem = {
  readonly [method in (typeof methods)[number]]?: Operation;
} & {
  readonly parameters?: readonly unknown[];
  /** Methods that the gateway has no routes for. */
  readonly query?: unknown;
  readonly trace?: unknown;
  readonly additionalOperations?: Readonly<Record<string, unknown>>;
  readonly 'x-postern'?: OperationSection;
};

export interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly security?: readonly Security[];
  readonly 'x-postern'?: OperationSection;
}

export interface Parameter {
  readonly name?: string;
  readonly in?: 'query' | 'path' | 'header' | 'cookie' | 'querystring';
  readonly required?: boolean;
  readonly style?: string;
  readonly explode?: boolean;
  readonly schema?: unknown;
  readonly content?: Readonly<Record<string, MediaType | undefined>>;
}

export interface RequestBody {
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, MediaType | undefined>>;
}

export interface MediaType {
  readonly schema?: unknown;
  /** By the property of a form. */
  readonly encoding?: Readonly<Record<string, Encoding | undefined>>;
}

export interface Encoding {
  readonly contentType?: string;
  readonly style?: string;
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
  readonly headers?: unknown;
}
