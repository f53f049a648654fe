import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import createTab from '@bomb.sh/tab/commander';
import { Command, Option as CliOption } from 'commander';
import { type CommandName, commands, dashed } from './commands.ts';
import type { CliForm, Declaration, Group, Option } from './declaration.ts';
import { codeExtension, packageFolder } from './folders.ts';
import { groupBy } from '../../../handler/compiler/group-by.ts';

const groups: Readonly<Record<Exclude<Group, 'contribute'>, string>> = {
  author: 'Author',
  ship: 'Ship',
  access: 'Access',
  operate: 'Operate',
};

/** What a parent of several commands is for. */
const families: Readonly<Record<string, string>> = {
  cache: 'the responses that are stored',
  session: 'create or end sessions',
  'signing-key': 'rotate or replace the key that signs session tokens',
  test: 'test the deployed gateway: load, faults',
  recover: 'the Terraform state, its lock, the sessions',
};

interface Form extends CliForm {
  readonly name: CommandName;
  readonly declaration: Declaration;
}

/** What runs a command's file with the arguments that make would give it. */
export type Run = (name: CommandName, args: readonly string[]) => Promise<unknown>;

/** The command line of `postern`, made from what is declared of each command. */
export const createProgram = (run: Run = runFile): Command => {
  const program = new Command('postern')
    .description('A serverless API gateway that you deploy into your own AWS account.')
    .version(versionOfPackage(), '--version')
    .helpOption('--help', 'what a command does, and its options')
    .helpCommand('help [command]', 'what a command does, and its options')
    .showHelpAfterError('(postern --help lists the commands.)')
    .configureHelp({ showGlobalOptions: false });
  for (const [words, forms] of formsByWords()) addCommand(program, words.split(' '), forms, run);
  program.commandsGroup('Shell:');
  createTab(program);
  return program;
};

const formsByWords = (): ReadonlyMap<string, readonly Form[]> => {
  const forms = (Object.keys(commands) as CommandName[]).flatMap((name): readonly Form[] => {
    const declaration: Declaration = commands[name];
    const { cli = [{ words: name }] } = declaration;
    return cli === 'none' ? [] : cli.map((form) => ({ name, declaration, ...form }));
  });
  return groupBy(forms, ({ words }) => words);
};

const addCommand = (
  program: Command,
  words: readonly string[],
  forms: readonly Form[],
  run: Run,
): void => {
  const [base] = forms.filter(({ flag }) => flag === undefined);
  if (base === undefined) throw new TypeError(`"${words.join(' ')}" has no form without a flag`);
  const { group } = base.declaration;
  const heading = `${group === 'contribute' ? '' : groups[group]}:`;
  const [first = '', second] = words;
  const parent = second === undefined ? program : familyIn(program, first, heading);
  const command = parent
    .command(second ?? first)
    .description(base.summary ?? base.declaration.summary)
    .helpGroup(heading)
    .allowExcessArguments(false);
  if (base.declaration.environment !== undefined) {
    const isRequired = base.declaration.environment === 'required';
    command.argument(isRequired ? '<env>' : '[env]', 'local, dev, prod or another environment');
    command.option('--yes <env>', 'its name again: do not wait for a confirmation');
    command.option('--stack <folder>', 'the folder of main.tf, if it is another');
  }
  for (const form of forms) {
    if (form.flag !== undefined)
      command.option(`--${form.flag}`, form.summary ?? form.declaration.summary);
    for (const [name, option] of optionsOf(form)) {
      if (option.isPositional) command.argument(`<${name.toLowerCase()}>`, option.help);
      else command.addOption(cliOption(name, option, form.flag));
    }
  }
  command.action(async () => {
    const given = command.opts<Readonly<Record<string, unknown>>>();
    const form = forms.find(({ flag }) => flag !== undefined && given[flag] === true) ?? base;
    const args = argumentsFor(form, command);
    for (const other of forms) {
      const stray = other === form ? [] : namesGiven(other, given);
      if (stray.length > 0) command.error(`error: ${stray[0]} needs --${other.flag}`);
    }
    const { stack } = given;
    // Folders are known before any argument is read.
    if (typeof stack === 'string') process.env['POSTERN_STACK'] = resolve(stack);
    await run(form.name, args);
  });
};

const familyIn = (program: Command, name: string, heading: string): Command => {
  const existing = program.commands.find((command) => command.name() === name);
  if (existing !== undefined) return existing;
  return program
    .command(name)
    .description(families[name] ?? '')
    .helpGroup(heading)
    .helpCommand(false);
};

const optionsOf = ({ declaration, options: chosen }: Form): ReadonlyArray<[string, Option]> =>
  Object.entries(declaration.options ?? {}).filter(([name]) => chosen?.includes(name) ?? true);

const cliOption = (name: string, option: Option, flag: string | undefined): CliOption => {
  const { example, isOn, help, choices } = option;
  const such = example === undefined || example.startsWith('<') ? '' : `, such as ${example}`;
  const form = isOn ? `--no-${dashed(name)}` : `--${dashed(name)}`;
  const text = `${flag === undefined ? '' : `with --${flag}: `}${help}${such}`;
  const made = new CliOption(example === undefined ? form : `${form} <${dashed(name)}>`, text);
  return choices === undefined ? made : made.choices(choices);
};

/** As commander keeps a value: `requestId`. */
const keyOf = (name: string): string =>
  dashed(name).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const namesGiven = (form: Form, given: Readonly<Record<string, unknown>>): readonly string[] =>
  optionsOf(form)
    .filter(([name, { isOn }]) => !isOn && given[keyOf(name)] !== undefined)
    .map(([name]) => `--${dashed(name)}`);

/** What make would give to the file. */
const argumentsFor = (form: Form, command: Command): readonly string[] => {
  const given = command.opts<Readonly<Record<string, string | boolean | undefined>>>();
  const positional = [...(command.processedArgs as ReadonlyArray<string | undefined>)];
  const args: Record<string, string | boolean | undefined> = { ...form.given };
  if (form.declaration.environment !== undefined) {
    args['ENV'] = positional.shift();
    args['CONFIRM'] = given['yes'];
  }
  for (const [name, option] of optionsOf(form))
    args[name] = option.isPositional ? positional.shift() : given[keyOf(name)];
  return Object.entries(args).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${typeof value === 'string' ? value : Number(value)}`],
  );
};

/** The file reads its arguments from `process.argv`, as make runs it. */
const runFile: Run = async (name, args) => {
  const file = join(import.meta.dirname, '../../commands', `${name}${codeExtension}`);
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
};

const versionOfPackage = (): string => {
  const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
};
