import type { ParameterViolation } from '../../http/gateway-error.ts';
import type { KeyCheck } from './json-keys.ts';
import type { stepLimit } from './step-limit.ts';

/** What a route's operation says of its requests, compiled: the tables that the build writes. */
export interface RequestSchema {
  readonly parameters: readonly ParameterSchema[];
  /** `any` and `none` where the operation has no `requestBody`. */
  readonly body: BodySchema | 'any' | 'none';
  /** Whether query parameters that are not declared are refused. */
  readonly refusesUndeclaredQuery?: true;
}

export interface ParameterSchema {
  readonly in: ParameterViolation['in'];
  /** Of a header in lower case. */
  readonly name: string;
  readonly required: boolean;
  /** What its text may be read as; with `list`, none unless it may be one value as well as a list. */
  readonly types: readonly ScalarType[];
  /** How a list is written: `a=1&a=2`, or `a=1,2`. Absent: one value. */
  readonly list: 'repeated' | 'commas' | undefined;
  /** What each item of a list may be read as, by its place; the last is for all items behind. */
  readonly itemTypes: readonly (readonly ScalarType[])[] | undefined;
  readonly fits: SchemaCheck;
}

export type ScalarType = 'string' | 'number' | 'boolean' | 'null';

export interface BodySchema {
  readonly required: boolean;
  /** The most specific first; a body of none of these types is refused. */
  readonly content: readonly ContentSchema[];
}

export interface ContentSchema {
  /** In lower case, such as `application/json`, `image/*` or `any`. */
  readonly mediaType: string;
  /** Only of JSON, and only where there is a schema. */
  readonly json:
    | {
        /** Stops at the first fault, so that a large body costs no more than its reading. */
        readonly fits: SchemaCheck;
        /** Goes on to the last fault. */
        readonly explain: SchemaCheck;
        /** Finds keys that a service could read as others. */
        readonly keys: KeyCheck;
        /** Bounds the cost of schemas that refer back to themselves; absent where there are none. */
        readonly limit: ReturnType<typeof stepLimit> | undefined;
      }
    | undefined;
}

/** A function that ajv wrote when the zip was built; it leaves what it found in `errors`. */
export interface SchemaCheck {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}
