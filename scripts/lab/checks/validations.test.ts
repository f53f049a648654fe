import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { terraformFolder } from '../../stack/command-line/folders.ts';
import { moduleFolders } from './terraform-modules.ts';

interface Validated {
  readonly module: string;
  readonly variable: string;
  readonly validations: number;
  readonly breakingRuns: number;
}

const validationsOf = (folder: string): readonly Validated[] => {
  const declarations = textOf(folder, '.tf');
  const tests = textOf(join(folder, 'tests'), '.tftest.hcl');
  const broken = [...tests.matchAll(/expect_failures\s*=\s*\[([^\]]*)\]/g)].map(
    ([, names = '']) => names,
  );
  return [...declarations.matchAll(/^variable "(\w+)" \{\n([\s\S]*?)^\}/gm)].flatMap(
    ([, variable = '', body = '']) => {
      const validations = body.match(/^ {2}validation \{/gm)?.length ?? 0;
      const isNamed = new RegExp(`\\bvar\\.${variable}\\b`);
      const breakingRuns = broken.filter((names) => isNamed.test(names)).length;
      const module = relative(terraformFolder, folder) || 'root';
      return validations === 0 ? [] : [{ module, variable, validations, breakingRuns }];
    },
  );
};

const textOf = (folder: string, ending: string): string =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(ending))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('\n')
    : '';

describe('a variable with validations', () => {
  it.each(moduleFolders().flatMap(validationsOf))(
    'has a run of `terraform test` that breaks each: $variable in $module',
    ({ validations, breakingRuns }) => {
      expect(breakingRuns).toBeGreaterThanOrEqual(validations);
    },
  );
});
