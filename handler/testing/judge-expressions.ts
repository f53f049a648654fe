import { readFileSync } from 'node:fs';
import recheck from 'recheck/lib/browser.js';
import type { FoundExpression } from './regular-expressions.ts';

/**
 * Reads expressions from standard input and writes a verdict on each: `safe`, `vulnerable` or `unknown`. By recheck's
 * build in JavaScript, whose verdict is the same on every machine; a search that finds none in time is `unknown`.
 */
const expressions = JSON.parse(readFileSync(0, 'utf8')) as readonly FoundExpression[];
const verdicts = expressions.map(
  ({ source, flags }) =>
    recheck.checkSync(source, flags, { timeout: 60_000, randomSeed: 1 }).status,
);
process.stdout.write(JSON.stringify(verdicts));
