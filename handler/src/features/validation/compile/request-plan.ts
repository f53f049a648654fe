import type { Path } from '../../../../compiler/problem.ts';
import type { BodySchema, ParameterSchema } from '../request-schema.ts';
import type { Reading } from '../text-values.ts';
import type { FormPlan } from './plan-form.ts';
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
  readonly readOnly: Permission;
  readonly invalidFormat: Permission;
}

type Permission = 'allow' | 'deny';

export type ParameterPlan = Omit<ParameterSchema, 'fits' | 'explain' | 'check' | 'names'> & {
  /** Absent: any value is valid. */
  readonly schema: Path | undefined;
  /** Absent: one text, or a plain list. */
  readonly style:
    | (StylePlan & { readonly reading: Reading })
    | { readonly kind: 'json' }
    | { readonly kind: 'jsonQuery' }
    | { readonly kind: 'formQuery'; readonly form: FormPlan }
    | undefined;
};

export type BodyPlan = Pick<BodySchema, 'required'> & { readonly content: readonly ContentPlan[] };

export interface ContentPlan {
  readonly mediaType: string;
  /** Absent: nothing but the media type is checked. */
  readonly schema: Path | undefined;
  /** Absent: JSON. */
  readonly form?: FormPlan | undefined;
}

/** Where the schemas of a request's parameters and body are written. */
export const schemasOf = ({ parameters, body }: RequestPlan): readonly Path[] =>
  [...parameters, ...(body?.content ?? [])].flatMap(({ schema }) =>
    schema === undefined ? [] : [schema],
  );

/** Those of values that are sent as JSON, or have a field that is. */
export const jsonSchemas = (requests: readonly RequestPlan[]): readonly Path[] =>
  requests.flatMap(({ parameters, body }) =>
    [
      ...(body?.content ?? []).filter(({ form }) => form === undefined || hasJson(form)),
      ...parameters.filter(
        ({ style }) =>
          style?.kind === 'json' ||
          style?.kind === 'jsonQuery' ||
          (style?.kind === 'formQuery' && hasJson(style.form)),
      ),
    ].flatMap(({ schema }) => (schema === undefined ? [] : [schema])),
  );

const hasJson = ({ fields }: FormPlan): boolean => fields.some(({ json }) => json !== undefined);

/** Whether a body, a parameter that is JSON, or the whole query has a schema. */
export const hasNested = ({ parameters, body }: RequestPlan): boolean =>
  parameters.some(({ style }) => /json|formQuery/.test(style?.kind ?? '')) ||
  (body?.content.some(({ schema }) => schema !== undefined) ?? false);

/** The same rules, with the schemas in other places. */
export const movedPlan = (
  { parameters, body, ...plan }: RequestPlan,
  placeOf: (schema: Path) => Path,
): RequestPlan => {
  const moved = <T extends { readonly schema: Path | undefined }>(part: T): T => ({
    ...part,
    schema: part.schema && placeOf(part.schema),
  });
  return {
    ...plan,
    parameters: parameters.map(moved),
    body: body && { ...body, content: body.content.map(moved) },
  };
};
