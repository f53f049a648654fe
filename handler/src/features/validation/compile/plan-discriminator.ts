import type { Discriminator } from '../discriminated-branch.ts';

/**
 * Which branch of an `anyOf` or `oneOf` a value names, by the `discriminator` beside it: by its mapping, and by the names
 * of the schemas. Undefined if there is none that names a branch.
 */
export const planDiscriminator = (
  discriminator: unknown,
  schemas: readonly unknown[],
): Discriminator | undefined => {
  const { propertyName, mapping, defaultMapping } = (discriminator ?? {}) as Written;
  const references = schemas.map((schema) => (schema as { readonly $ref?: unknown }).$ref);
  const indexOf = (target: unknown): number =>
    typeof target !== 'string'
      ? -1
      : references.findIndex((reference) => reference === target || reference === named(target));
  const implied = references.flatMap((reference) => {
    const name = String(reference).split(named(''))[1];
    return name === undefined ? [] : [[name, name] as const];
  });
  const branches = [...Object.entries(mapping ?? {}), ...implied]
    .map(([value, target]) => [value, indexOf(target)] as const)
    .filter(([, index]) => index !== -1);
  if (typeof propertyName !== 'string' || branches.length === 0) return undefined;
  const otherwise = indexOf(defaultMapping);
  return {
    property: propertyName,
    branches: Object.fromEntries(branches),
    ...(otherwise !== -1 && { otherwise }),
  };
};

interface Written {
  readonly propertyName?: unknown;
  readonly mapping?: Readonly<Record<string, unknown>>;
  readonly defaultMapping?: unknown;
}

const named = (name: string): string => `#/components/schemas/${name}`;
