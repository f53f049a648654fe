import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCodes } from '../../../handler/src/http/gateway-error.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';

const folder = join(projectFolder, 'docs', 'runbooks', 'alarms');
const textOf = (...path: readonly string[]) => readFileSync(join(projectFolder, ...path), 'utf8');
const matches = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

const graphs = matches(
  textOf('terraform', 'modules', 'observability', 'dashboard-graphs.tf'),
  /title += "([^"]+)"/g,
);
const targets = matches(textOf('Makefile'), /^##+ ([\w-]+)/gm);
const variables = readdirSync(join(projectFolder, 'terraform'))
  .filter((file) => file.startsWith('variables'))
  .flatMap((file) => matches(textOf('terraform', file), /^variable "(\w+)"/gm));

/** What the person on call reads. The module's own tests check that each alarm has a page. */
describe.each(readdirSync(folder))('the page %s', (file) => {
  const page = readFileSync(join(folder, file), 'utf8');

  it('goes from the symptom to the end of it', () => {
    const parts = matches(page, /^## (.+)$/gm);
    expect(parts.slice(0, 3)).toEqual(['First look', 'Causes, most likely first', 'Fixed when']);
    expect(['', 'Afterwards']).toContain(parts.slice(3).join());
    expect(page).toMatch(/^# .+\n\n[^#\n]{40,}\n\n## First look\n\n```sh\n/);
  });

  it('names only what there is', () => {
    expect(targets).toEqual(
      expect.arrayContaining([...matches(page, /(?:^|[`(])make ([a-z-]+)/gm)]),
    );
    expect(graphs).toEqual(expect.arrayContaining([...matches(page, /"([A-Z]\w+: [^"]+)"/g)]));
    const codes = matches(page, /`([A-Z]+(?:_[A-Z]+)+)`/g);
    expect(Object.keys(errorCodes)).toEqual(expect.arrayContaining([...codes]));
    for (const link of matches(page, /\]\(([^)]+)\)/g)) {
      expect(existsSync(join(dirname(join(folder, file)), link))).toBe(true);
    }
  });

  it('names only settings of the tfvars', () => {
    const named = matches(page, /`(\w+)`(?:(?:,| and|, or) `\w+`)* in the tfvars/g);
    expect(variables).toEqual(expect.arrayContaining([...named]));
  });
});
