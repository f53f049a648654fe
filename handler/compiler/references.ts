import type { Path, Report } from './problem.ts';
import { nearest, suggestion } from './nearest.ts';
import { walkOpenapi } from './walk-openapi.ts';

/** A value of the document and its position; for a `$ref`, the position of its target. */
export interface Located<T> {
  readonly value: T;
  readonly path: Path;
}

/** Follows a chain of `$ref`s to its target. Undefined if there is no target, which `checkReferences` reports. */
export const follow = <T>(document: unknown, start: Located<unknown>): Located<T> | undefined => {
  const visited = new Set<string>();
  let { value, path } = start;
  for (;;) {
    const pointer = referenceIn(value);
    if (pointer === undefined) return value === undefined ? undefined : { value: value as T, path };
    if (visited.has(pointer)) return undefined;
    visited.add(pointer);
    path = pathOf(pointer) ?? [];
    value = path.length === 0 ? undefined : valueAt(document, path);
  }
};

/** Keywords beside a `$ref` also apply to the value (JSON Schema 2020-12 core, §8.2.3.1). */
export const isReferenceAlone = (value: unknown): boolean =>
  referenceIn(value) !== undefined && Object.keys(value as object).length === 1;

/** Every `$ref` must have a target in this document, and must not be circular. */
export const checkReferences = (document: unknown, report: Report): void => {
  walkOpenapi(document, (object, place) => {
    const pointer = referenceIn(object);
    if (pointer === undefined) return;
    const path = [...place, '$ref'];
    const target = pathOf(pointer);
    if (target === undefined) {
      report(
        path,
        `"${pointer}" is outside this document — copy it to components and write "#/components/…"`,
      );
    } else if (valueAt(document, target) === undefined) {
      report(
        path,
        `"${pointer}" refers to nothing${suggestionFor(target, siblings(document, target))}`,
      );
    } else if (follow(document, { value: { $ref: pointer }, path }) === undefined) {
      report(path, `"${pointer}" leads back to itself`);
    }
  });
};

/** `#/components/schemas/User` (RFC 6901 §6) as a path; undefined for a reference to anywhere else. */
export const pathOf = (pointer: string): Path | undefined =>
  pointer.startsWith('#/')
    ? pointer
        .slice(2)
        .split('/')
        .map((key) => decode(key).replaceAll('~1', '/').replaceAll('~0', '~'))
    : undefined;

export const pointerTo = (path: Path): string =>
  [
    '#',
    ...path.map((key) =>
      encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1')),
    ),
  ].join('/');

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const valueAt = (document: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    document,
  );

const referenceIn = (value: unknown): string | undefined => {
  const reference =
    typeof value === 'object' && value !== null ? (value as { $ref?: unknown }).$ref : undefined;
  return typeof reference === 'string' ? reference : undefined;
};

const siblings = (document: unknown, path: Path): string[] =>
  Object.keys(valueAt(document, path.slice(0, -1)) ?? {});

/** By the last key only: the common beginning of pointers would make any two of them similar. */
const suggestionFor = (target: Path, keys: readonly string[]): string => {
  const near = nearest(String(target.at(-1)), keys);
  return near === undefined
    ? suggestion(String(target.at(-1)), keys)
    : ` — did you mean "${pointerTo([...target.slice(0, -1), near])}"?`;
};
