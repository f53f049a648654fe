import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type FoundExpression, regularExpressionsOf } from '../testing/regular-expressions.ts';
import { formats } from './features/validation/compile/formats.ts';

const handlerFolder = join(import.meta.dirname, '..');

const modulesIn = (folder: string): readonly string[] =>
  readdirSync(join(handlerFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test|\.d)\.[jt]s$/.test(name) && !name.startsWith('testing'))
    // What runs when the contract is compiled reads no request.
    .filter((name) => !name.includes('/compile/'))
    .map((name) => join(handlerFolder, folder, name));

const written = [...modulesIn('src'), ...modulesIn('generated')].flatMap((file) =>
  regularExpressionsOf(relative(handlerFolder, file), readFileSync(file, 'utf8')),
);

/** Expressions that the compiler writes into the validators of other contracts than the example. */
const ofFormats = Object.entries(formats).flatMap(([name, format]) =>
  format instanceof RegExp
    ? [{ file: `format ${name}`, line: 1, source: format.source, flags: format.flags }]
    : [],
);

/** In a separate process: within Jest the search takes three times as long. */
const verdictsOn = (expressions: readonly Pick<FoundExpression, 'source' | 'flags'>[]) =>
  JSON.parse(
    execFileSync(process.execPath, [join(handlerFolder, 'testing/judge-expressions.ts')], {
      input: JSON.stringify(expressions),
      stdio: ['pipe', 'pipe', 'ignore'],
    }).toString(),
  ) as readonly string[];

describe('every regular expression', () => {
  it('is found, as a literal or as a string', () => {
    const code = 'const a = /x\\/y/gi; f(new RegExp("^z$", "u"), RegExp(`w`), new Date("v"));';
    expect(regularExpressionsOf('code.ts', code)).toEqual([
      { file: 'code.ts', line: 1, source: 'x\\/y', flags: 'gi' },
      { file: 'code.ts', line: 1, source: '^z$', flags: 'u' },
      { file: 'code.ts', line: 1, source: 'w', flags: '' },
    ]);
    expect(written.filter(({ file }) => file.startsWith('generated')).length).toBeGreaterThan(2);
    expect(written.length).toBeGreaterThan(40);
  });

  it('is checked by a tool that detects a bad one', () => {
    const bad = ['^(a+)+$', '^(?:a|a)*$', '\\s+$'].map((source) => ({ source, flags: '' }));
    expect(verdictsOn(bad)).toEqual(bad.map(() => 'vulnerable'));
  });

  it('needs linear time', () => {
    const all = [...written, ...ofFormats];
    const verdicts = verdictsOn(all);
    expect(verdicts).toHaveLength(all.length);
    const doubtful = all.flatMap(({ file, line, source }, index) =>
      verdicts[index] === 'safe' ? [] : [`${file}:${line} ${verdicts[index]}: ${source}`],
    );
    expect(doubtful).toEqual([]);
  }, 300_000);
});
