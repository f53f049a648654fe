import type { Path } from '../../../../compiler/problem.ts';
import type { BodySchema, ParameterSchema } from '../request-schema.ts';
import type { Reading } from '../text-values.ts';
import type { StylePlan } from './plan-style.ts';

/** The rules of an operation for its requests, as plain data. Schemas are still positions in the document. */
export interface RequestPlan {
  readonly parameters: readonly ParameterPlan[];
  readonly body: BodyPlan | undefined;
  readonly permissions: Permissions;
}

/** What a request may contain beyond the contract. */
export interface Permissions {
  readonly foldedPath: Permission;
  readonly undeclaredBody: Permission;
  readonly undeclaredQuery: Permission;
}

type Permission = 'allow' | 'deny';

export type ParameterPlan = Omit<ParameterSchema, 'fits' | 'explain' | 'check' | 'names'> & {
  /** Absent: any value is valid. */
  readonly schema: Path | undefined;
  /** Absent: one text, or a plain list. */
  readonly style:
    (StylePlan & { readonly reading: Reading }) | { readonly kind: 'json' } | undefined;
};

export type BodyPlan = Pick<BodySchema, 'required'> & {
  readonly content: readonly { readonly mediaType: string; readonly schema: Path | undefined }[];
};

/** Where the schemas of parameters and bodies are written. */
export const parameterSchemas = (requests: readonly RequestPlan[]): readonly Path[] =>
  requests.flatMap(({ parameters }) =>
    parameters.flatMap(({ schema }) => (schema === undefined ? [] : [schema])),
  );

/** Those of values that are sent as JSON. */
export const jsonSchemas = (requests: readonly RequestPlan[]): readonly Path[] => [
  ...bodySchemas(requests),
  ...requests.flatMap(({ parameters }) =>
    parameters.flatMap(({ schema, style }) =>
      style?.kind === 'json' && schema !== undefined ? [schema] : [],
    ),
  ),
];

export const bodySchemas = (requests: readonly RequestPlan[]): readonly Path[] =>
  requests.flatMap(({ body }) =>
    (body?.content ?? []).flatMap(({ schema }) => (schema === undefined ? [] : [schema])),
  );
