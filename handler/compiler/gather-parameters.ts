import type { ContractDocument, Parameter } from './document.ts';
import type { Path, Report } from './problem.ts';
import { follow, type Located } from './references.ts';

interface ParameterList {
  readonly list: readonly unknown[];
  readonly path: Path;
}

/** The parameters of several lists. Later ones replace earlier ones with the same place and name. */
export const gatherParameters = (
  document: ContractDocument,
  lists: readonly ParameterList[],
  report: Report,
): { readonly parameters: readonly Located<Parameter>[]; readonly isWhole: boolean } => {
  const byKey = new Map<string, Located<Parameter>>();
  let isWhole = true;
  for (const { list, path } of lists) {
    const seen = new Set<string>();
    for (const [index, value] of list.entries()) {
      const parameter = follow<Parameter>(document, { value, path: [...path, index] });
      const key = parameter && keyOf(parameter.value);
      if (parameter === undefined || key === undefined) {
        isWhole = false;
        continue;
      }
      if (seen.has(key)) report([...path, index], `the ${key} is declared twice`);
      seen.add(key);
      byKey.set(key, parameter);
    }
  }
  return { parameters: [...byKey.values()], isWhole };
};

/** Header names are case-insensitive. */
const keyOf = ({ in: place, name }: Parameter): string | undefined =>
  place === undefined || name === undefined
    ? undefined
    : `${place} parameter "${place === 'header' ? name.toLowerCase() : name}"`;
