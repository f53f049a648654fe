import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../stack/command-line/folders.ts';

/** A page under `docs/runbooks/`: the text for people, and the steps that the drill runs. */
export interface Runbook {
  readonly name: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly title: string;
  /** The page's own lines, with `<placeholders>`. */
  readonly commands: string;
}

export const runbookFolder = join(projectFolder, 'docs', 'runbooks');

export const readRunbook = (name: string): Runbook =>
  parseRunbook(name, readFileSync(join(runbookFolder, `${name}.md`), 'utf8'));

/** The steps are the shell blocks of the part "Steps", each under its own heading. */
export const parseRunbook = (name: string, page: string): Runbook => {
  const title = /^# (.+)$/m.exec(page)?.[1] ?? name;
  const part = page.split(/^## /m).find((text) => text.startsWith('Steps\n')) ?? '';
  const steps = part.split(/^### /m).slice(1).map(parseStep);
  return { name, title, steps };
};

const parseStep = (text: string): Step => {
  const [title = ''] = text.split('\n');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands);
  const [commands] = blocks;
  if (commands === undefined || blocks.length > 1)
    throw new SyntaxError(`The step "${title}" has ${blocks.length} shell blocks, not one`);
  return { title, commands: commands.trim() };
};

/** What a person fills in, such as `env` of `ENV=<env>`. */
export const placeholdersOf = ({ commands }: Step): readonly string[] => [
  ...new Set([...commands.matchAll(placeholder)].map(([, name = '']) => name)),
];

/** The step as it is typed. Throws where a placeholder has no value. */
export const fillIn = (step: Step, values: Readonly<Record<string, string>>): string =>
  step.commands.replace(placeholder, (text, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new TypeError(`There is no value for ${text} of "${step.title}"`);
    return value;
  });

const placeholder = /<([a-z]+)>/g;
