import { RE2JS } from 're2js';

/**
 * A regular expression that is matched in linear time by RE2's automaton: for patterns that take longer in JavaScript.
 * `\s` is white space in ASCII only.
 */
export const linearPattern = (pattern: string): { readonly test: (text: string) => boolean } => {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return { test: (text) => compiled.test(text) };
};
