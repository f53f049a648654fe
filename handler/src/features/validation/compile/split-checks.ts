import type { Code } from '../../../../compiler/contract-part.ts';
import type { GeneratedChecks, Unit } from './generate-checks.ts';
import { groupBy } from '../../../../compiler/group-by.ts';

/** Checks that are loaded together. */
export interface Chunk {
  readonly units: readonly Code[];
  /** The functions of the schemas that are used from outside, by the schema's name. */
  readonly names: ReadonlyMap<string, string>;
  /** Functions that other chunks use. */
  readonly exports: readonly string[];
  /** The functions of other chunks, by the chunk's index. */
  readonly imports: ReadonlyMap<number, readonly string[]>;
}

/** So much code is parsed in a millisecond. */
const preferredLength = 60_000;

/**
 * Splits checks so that a request loads little that it does not need, and every function is in one chunk only. Schemas
 * that are used together stay together; what several of these parts share has a chunk for each set of parts that share
 * it. A chunk imports only from chunks that more parts share, so no two import each other.
 */
export const splitChecks = (
  { units, functions }: GeneratedChecks,
  groups: ReadonlyArray<readonly string[]>,
): readonly Chunk[] => {
  const parts = partsOf({ units, functions }, groups);
  const partsThatUse = new Map<string, number[]>();
  parts.forEach((names, part) => {
    for (const unit of reachable(
      units,
      names.map((name) => functions.get(name) ?? ''),
    ))
      partsThatUse.set(unit, [...(partsThatUse.get(unit) ?? []), part]);
  });
  const chunks = [
    ...groupBy(
      [...partsThatUse].filter(([unit]) => isFunction(unit)),
      ([, users]) => users.join(),
    ).values(),
  ].map((entries) => entries.map(([unit]) => unit));
  const chunkOf = new Map(chunks.flatMap((own, chunk) => own.map((unit) => [unit, chunk])));
  const namesIn = groupBy(functions, ([, unit]) => chunkOf.get(unit));
  const imported = new Set<string>();
  const contents = chunks.map((own, chunk) => {
    // Constants are short: each chunk has its own.
    const constants = constantsOf(units, own);
    const imports = new Map<number, string[]>();
    const used = new Set([...own, ...constants].flatMap((unit) => units.get(unit)?.uses ?? []));
    for (const unit of used) {
      const from = chunkOf.get(unit);
      if (from === undefined || from === chunk) continue;
      imports.set(from, [...(imports.get(from) ?? []), unit]);
      imported.add(unit);
    }
    return {
      own,
      imports,
      units: [...constants, ...own].map((unit) => units.get(unit)?.code ?? ''),
    };
  });
  return contents.map(({ own, ...chunk }, index) => ({
    ...chunk,
    names: new Map(namesIn.get(index)),
    exports: own.filter((unit) => imported.has(unit)),
  }));
};

const isFunction = (unit: string): boolean => /^validate\d+$/.test(unit);

/** Neighbors are put into one part until it is large enough. */
const partsOf = (
  { units, functions }: GeneratedChecks,
  groups: ReadonlyArray<readonly string[]>,
): ReadonlyArray<readonly string[]> => {
  const parts: string[][] = [];
  const seen = new Set<string>();
  let length = Infinity;
  for (const names of groups) {
    const isNew = [
      ...reachable(
        units,
        names.map((name) => functions.get(name) ?? ''),
      ),
    ].filter((unit) => isFunction(unit) && !seen.has(unit));
    if (length > preferredLength) {
      parts.push([]);
      length = 0;
    }
    for (const unit of isNew) {
      seen.add(unit);
      length += units.get(unit)?.code.length ?? 0;
    }
    parts.at(-1)?.push(...names);
  }
  return parts;
};

const reachable = (
  units: ReadonlyMap<string, Unit>,
  from: readonly string[],
): ReadonlySet<string> => {
  const reached = new Set<string>();
  const open = [...from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...(units.get(next)?.uses ?? []));
  }
  return reached;
};

const constantsOf = (
  units: ReadonlyMap<string, Unit>,
  own: readonly string[],
): readonly string[] => {
  const found = new Set<string>();
  const open = own.flatMap((unit) => units.get(unit)?.uses ?? []);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (isFunction(next) || found.has(next)) continue;
    found.add(next);
    open.push(...(units.get(next)?.uses ?? []));
  }
  return [...found];
};
