import { readFileSync } from 'node:fs';
import recheck from 'recheck/lib/browser.js';
import type { FoundExpression } from './regular-expressions.ts';

/**
 * Reads expressions from standard input and writes the result for each: `safe`, `vulnerable` or `unknown`. Uses
 * recheck's JavaScript build, whose result is the same on every machine. A search that times out is `unknown`.
 */
const expressions = JSON.parse(readFileSync(0, 'utf8')) as readonly FoundExpression[];
const verdicts = expressions.map(
  ({ source, flags }) =>
    recheck.checkSync(source, flags, { timeout: 60_000, randomSeed: 1 }).status,
);
process.stdout.write(JSON.stringify(verdicts));
