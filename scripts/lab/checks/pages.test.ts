import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import catalogue from '../../../terraform/modules/observability/metrics.json' with { type: 'json' };
import { projectFolder } from '../../stack/command-line/folders.ts';

const folders = ['docs', 'examples', 'handler/src', 'load-test', 'terraform'];

/** Every Markdown page of the project, by its path from the root. */
const pages = [
  ...readdirSync(projectFolder),
  ...folders.flatMap((folder) =>
    readdirSync(join(projectFolder, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(folder, file),
    ),
  ),
].filter((file) => file.endsWith('.md') && !/(^|\/)(node_modules|\.terraform)\//.test(file));

/** The lines of a page outside its code blocks. */
const proseOf = (page: string): readonly string[] =>
  readFileSync(join(projectFolder, page), 'utf8')
    .replace(/^```.*?^```/gms, '')
    .split('\n');

/** The ids that GitHub gives to the headings of a page, and those that the page itself gives to places. */
const anchorsOf = (page: string): readonly string[] =>
  proseOf(page).flatMap((line) => [
    ...[...line.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id),
    ...(/^#+ /.test(line) ? [idOfHeading(line)] : []),
  ]);

const idOfHeading = (line: string): string =>
  line
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const brokenLinksOf = (page: string): readonly string[] => {
  const targets = proseOf(page).flatMap((line) =>
    [...line.replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target),
  );
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? page : join(dirname(page), file);
    if (!existsSync(resolve(projectFolder, linked))) return true;
    return anchor !== undefined && !anchorsOf(linked).includes(anchor);
  });
};

const cellsOf = (row: string): number => row.match(/(?<!\\)\|/g)?.length ?? 0;

/** Rows whose number of cells is not that of the row above them in the same table. */
const brokenRowsOf = (page: string): readonly string[] =>
  proseOf(page).filter((line, index, lines) => {
    const above = lines[index - 1] ?? '';
    return line.startsWith('|') && above.startsWith('|') && cellsOf(line) !== cellsOf(above);
  });

describe('the Markdown pages', () => {
  it('include the README, the docs and the runbooks', () => {
    expect(pages.map((page) => relative('.', page))).toEqual(
      expect.arrayContaining(['README.md', 'docs/errors.md', 'docs/runbooks/README.md']),
    );
  });

  it.each(pages)('%s links only to files and headings that exist', (page) => {
    expect(brokenLinksOf(page)).toEqual([]);
  });

  it.each(pages)(
    '%s has its <placeholders> in code, because GitHub hides them elsewhere',
    (page) => {
      const text = proseOf(page).map((line) => line.replace(/`[^`]*`/g, ''));
      expect(text.filter((line) => /<[A-Z]/.test(line))).toEqual([]);
    },
  );

  it.each(pages)('%s has the same number of cells in all rows of a table', (page) => {
    expect(brokenRowsOf(page)).toEqual([]);
  });
});

/** Of each file in the diffs of a page, the lines that the diff adds. */
const addedLinesOf = (page: string): ReadonlyArray<readonly [file: string, line: string]> =>
  [...readFileSync(join(projectFolder, page), 'utf8').matchAll(/^```diff\n(.*?)^```/gms)]
    .flatMap(([, diff = '']) => diff.split(/^\+\+\+ /m).slice(1))
    .flatMap((part) => {
      const [file = '', ...lines] = part.split('\n');
      const added = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
      return added.map((line) => [file, line] as const);
    });

describe('CONTRIBUTING.md', () => {
  it('shows diffs whose lines are in the files', () => {
    const lines = addedLinesOf('CONTRIBUTING.md');
    expect(lines.length).toBeGreaterThan(10);
    const linesOf = (file: string) => readFileSync(join(projectFolder, file), 'utf8').split('\n');
    expect(lines.filter(([file, line]) => !linesOf(file).includes(line))).toEqual([]);
  });
});

describe('docs/observability.md', () => {
  it('lists every metric that code of the handler names', () => {
    const named = globSync('handler/src/**/!(*.test).ts', { cwd: projectFolder }).flatMap((file) =>
      [...readFileSync(join(projectFolder, file), 'utf8').matchAll(/name: '(\w+)', unit: /g)].map(
        ([, name = '']) => name,
      ),
    );
    const names = [...named, ...Object.values(catalogue.metrics).map(({ name }) => name)];
    const page = readFileSync(join(projectFolder, 'docs/observability.md'), 'utf8');
    expect(named.length).toBeGreaterThan(5);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('README.md', () => {
  it('is at most 160 lines long', () => {
    const lines = readFileSync(join(projectFolder, 'README.md'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(160);
  });
});
