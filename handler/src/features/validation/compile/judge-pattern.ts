import { createRequire } from 'node:module';
import type * as Recheck from 'recheck';

export type PatternVerdict =
  | { readonly kind: 'linear' | 'unknown' }
  /** Time grows with this power of the text's length. */
  | { readonly kind: 'polynomial'; readonly degree: number; readonly attack: string }
  | { readonly kind: 'exponential'; readonly attack: string };

export const judgementSeconds = 10;

/** How the time of a regular expression grows with the text, by recheck's build in JavaScript. */
export const judgePattern = (pattern: string, flags = 'u'): PatternVerdict => {
  const verdict =
    verdicts.get(pattern) ?? (plain.test(pattern) ? { kind: 'linear' } : search(pattern, flags));
  verdicts.set(pattern, verdict);
  return verdict;
};

const verdicts = new Map<string, PatternVerdict>();

/**
 * Anchored at the start, a sequence of characters of which at most one kind repeats without limit: every text matches
 * in only one way. recheck takes half a second to load and seconds for large counts.
 */
const one = String.raw`(?:\\[dDwWsS.\-/]|\[(?:[^\]\\]|\\[^])+\]|[\w @:;,/=#~"'<>&%!-])`;
const plain = new RegExp(
  `^\\^(?:${one}(?:\\{\\d+\\})?)*(?:(?:${one}|\\.)(?:[+*]|\\{\\d+,\\d*\\}))?(?:${one}(?:\\{\\d+\\})?)*\\$?$`,
);

const search = (pattern: string, flags: string): PatternVerdict => {
  const { checkSync } = createRequire(import.meta.url)('recheck/lib/browser.js') as typeof Recheck;
  const diagnostics = checkSync(pattern, flags, {
    timeout: judgementSeconds * 1_000,
    randomSeed: 1,
    // Counts up to about `{1,200}` are checked exactly, too.
    maxRepeatCount: 2_000,
    maxNFASize: 100_000,
  });
  if (diagnostics.status === 'safe') return { kind: 'linear' };
  if (diagnostics.status === 'unknown') return { kind: 'unknown' };
  const { complexity, attack } = diagnostics;
  return complexity.type === 'polynomial'
    ? { kind: 'polynomial', degree: complexity.degree, attack: attack.pattern }
    : { kind: 'exponential', attack: attack.pattern };
};
