/**
 * The candidate that a typo was most likely meant to be. Undefined if none is close. Two replaced letters change a
 * short word to another one, such as `auth` to `path`, and a typo rarely has more than three errors.
 */
export const nearest = (given: string, candidates: Iterable<string>): string | undefined => {
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.max(1, Math.floor(given.length / 3))) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(given.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance < candidate.length)
      [best, bestDistance] = [candidate, distance];
  }
  return best;
};

/** The end of a message: ` — did you mean "rateLimit"?`, or the list of choices. */
export const suggestion = (given: string, candidates: Iterable<string>): string => {
  const known = [...candidates];
  const near = nearest(given, known);
  if (near !== undefined) return ` — did you mean "${near}"?`;
  return known.length === 0 ? '' : ` — known here: ${listed(known.toSorted())}`;
};

const listed = (names: readonly string[]): string =>
  names.length <= longestList
    ? names.join(', ')
    : `${names.slice(0, longestList).join(', ')} and ${names.length - longestList} more`;

const longestList = 24;

/** Damerau-Levenshtein, restricted: letters added, omitted, replaced, or two adjacent letters swapped. */
const editDistance = (a: string, b: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        numberAt(last, column) + 1,
        numberAt(current, column - 1) + 1,
        numberAt(last, column - 1) + (isSame ? 0 : 1),
        isSwap ? numberAt(beforeLast, column - 2) + 1 : Infinity,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return numberAt(last, b.length);
};

const numberAt = (row: readonly number[], column: number): number => row[column] ?? Infinity;
