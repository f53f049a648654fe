import type { BodyViolation, ParameterViolation } from '../../http/gateway-error.ts';
import type { MediaType } from './media-type.ts';
import type { stepLimit } from './step-limit.ts';
import type { Source } from './styled-parameters.ts';

/** The compiled rules of a route's operation for its requests: the tables that the build writes. */
export interface RequestSchema {
  readonly parameters: readonly ParameterSchema[];
  /** `any` and `none` if the operation has no `requestBody`. */
  readonly body: BodySchema | 'any' | 'none';
  /** Whether query parameters that are not declared are refused. */
  readonly refusesUndeclaredQuery?: true;
}

export interface ParameterSchema {
  readonly in: ParameterViolation['in'];
  /** Of a header in lower case. */
  readonly name: string;
  readonly required: boolean;
  /** The types as which its text may be read. With `list`, none unless it may also be a single value. */
  readonly types: readonly ScalarType[];
  /** How a list is written: `a=1&a=2`, or `a=1,2`. Absent: one value. */
  readonly list: 'repeated' | 'commas' | undefined;
  /** The types as which each item of a list may be read, by position. The last one applies to all further items. */
  readonly itemTypes: readonly (readonly ScalarType[])[] | undefined;
  readonly fits: FastCheck;
  readonly explain: SchemaCheck;
  /** Checks a parameter of another style instead, and returns what is wrong. */
  readonly check?: (
    parameter: Pick<ParameterSchema, 'required' | 'fits' | 'explain'>,
    source: Source,
  ) => string | undefined;
  /** Other names that a query may have for it: those of an object's properties, or `name[` and what follows. */
  readonly names?: readonly string[];
}

export type ScalarType = 'string' | 'number' | 'boolean' | 'null';

export interface BodySchema {
  readonly required: boolean;
  /** The most specific first. A body of any other type is refused. */
  readonly content: readonly ContentSchema[];
}

export interface ContentSchema {
  /** In lower case, such as `application/json`, `image/*` or `any`. */
  readonly mediaType: string;
  /** Absent: nothing but the media type is checked. */
  readonly check?: BodyCheck | undefined;
}

/** Checks a body of one media type. Throws `GatewayError` UNSUPPORTED_MEDIA_TYPE if it cannot be read. */
export type BodyCheck = (body: Buffer, media: StatedMedia) => readonly BodyViolation[];

/** What the client states about the body. */
export interface StatedMedia extends MediaType {
  /** `Content-Encoding`. */
  readonly encoding: string | undefined;
}

/** The checks of a value by its schema. */
export interface ValueCheck {
  readonly fits: FastCheck;
  readonly explain: SchemaCheck;
  /** Limits the cost of schemas that refer back to themselves. Absent if there are none. */
  readonly limit?: ReturnType<typeof stepLimit> | undefined;
}

/** Whether a value is valid. Stops at the first violation, and holds no text. Generated when the zip is built. */
export type FastCheck = (data: unknown) => boolean;

/** Finds all violations of a value: the first ones are in `errors`, which may have holes. */
export interface SchemaCheck {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
