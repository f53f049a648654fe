import { suggestion } from '../../../../compiler/nearest.ts';
import type { Path, Report } from '../../../../compiler/problem.ts';

interface SaidPart {
  readonly name?: string | undefined;
  readonly weight?: number | undefined;
}

/** The kinds whose upstreams can stand for each other: they respond to a request with what it asks for. */
const exchangeable: ReadonlySet<string> = new Set(['http', 'lambda']);

/** Reports what is wrong with a list of upstreams beyond its shape. */
export const checkList = (
  list: ReadonlyArray<SaidPart | undefined>,
  path: Path,
  /** The kind of each upstream of the contract; undefined: its own problem is reported. */
  kinds: ReadonlyMap<string, string | undefined>,
  report: Report,
): void => {
  const seen = new Set<string>();
  for (const [index, { name } = {}] of list.entries()) {
    if (name === undefined) continue;
    const place = [...path, index, 'name'];
    const kind = kinds.get(name);
    if (!kinds.has(name))
      report(place, `unknown upstream "${name}"${suggestion(name, [...kinds.keys()])}`);
    else if (seen.has(name)) report(place, `"${name}" is in the list twice — keep one`);
    else if (kind !== undefined && !exchangeable.has(kind))
      report(
        place,
        `"${name}" is ${kind}: a list can have upstreams of the kinds ${[...exchangeable].join(' and ')}, because another queue or bucket cannot stand for this one`,
      );
    seen.add(name);
  }
  const weights = list.map((part) => part?.weight);
  if (weights.length > 0 && weights.every((weight) => weight === 0))
    report(path, 'the weights add up to 0 — give an upstream a weight of 1 or more');
};
