import { linearPattern } from '../linear-pattern.ts';

/** With the flag `u`, as JSON Schema requires; without it, JavaScript accepts needless backslashes such as `\-`. */
export const readPattern = (pattern: string): RegExp | { readonly problem: string } => {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch (error) {
      if (flags === '') return { problem: (error as Error).message.split(': ').at(-1) ?? '' };
    }
  }
  return { problem: 'unknown' };
};

/** Whether RE2 can match it: RE2 has no lookaround and no references back. */
export const isLinearPossible = (pattern: string): boolean => {
  try {
    linearPattern(pattern);
    return true;
  } catch {
    return false;
  }
};
