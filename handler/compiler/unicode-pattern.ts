/**
 * A regular expression that JavaScript understands only without the flag `u`, as OpenAPI 3.0 allows, in the stricter
 * syntax with it: `\@` is `@`, a lone `{` is `\{`, and a hyphen beside `\w` in a class is `\-`. Anything else is
 * returned unchanged: it is a mistake, or needs no change.
 */
export const unicodePattern = (pattern: string): string => {
  if (isValid(pattern, 'u') || !isValid(pattern, '') || posixClass.test(pattern)) return pattern;
  const translated = translate(pattern);
  return isValid(translated, 'u') ? translated : pattern;
};

const isValid = (pattern: string, flags: string): boolean => {
  try {
    new RegExp(pattern, flags);
    return true;
  } catch {
    return false;
  }
};

const translate = (pattern: string): string => {
  const tokens = pattern.match(/\\c[A-Za-z]|\\[^]|\{\d+(?:,\d*)?\}|[^]/g) ?? [];
  let isInClass = false;
  return tokens
    .map((token, index) => {
      if (isInClass && token === '-') {
        const besideSet = [tokens[index - 1], tokens[index + 1]].some((each) =>
          sets.test(each ?? ''),
        );
        return besideSet ? String.raw`\-` : token;
      }
      if (token === '[' && !isInClass) isInClass = true;
      else if (token === ']' && isInClass) isInClass = false;
      else if (/^[{}\]]$/.test(token) && !isInClass) return `\\${token}`;
      else if (needless.test(token) && !(isInClass && token === String.raw`\-`))
        return token.slice(1);
      return token;
    })
    .join('');
};

/** JavaScript reads it as a set of these characters, which is not what its author means. */
const posixClass = /\[\[:[a-z]+:\]/;

/** Of several characters. */
const sets = /^\\[dDsSwW]$/;

/** An escaped character that means itself; a letter may be meant in the syntax of another language. */
const needless = /^\\[^A-Za-z0-9^$\\.*+?()[\]{}|/]$/;
