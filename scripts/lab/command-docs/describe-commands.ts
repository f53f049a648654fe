import { type CommandName, commands, dashed } from '../../stack/command-line/commands.ts';
import type { CliForm, Declaration, Option } from '../../stack/command-line/declaration.ts';

const names = Object.keys(commands) as CommandName[];

const declarationOf = (name: CommandName): Declaration => commands[name];

const targets = names.filter((name) => declarationOf(name).make !== 'none');

/** The width of what is typed, in the list of `make help`. */
const typedColumns = 38;

/** The targets of the Makefile, with what `make help` (`##`) or only `make help-all` (`###`) prints of each. */
export const makefileCommands = (): string => {
  const everydayFirst = targets.toSorted((a, b) => Number(isEveryday(b)) - Number(isEveryday(a)));
  const lines = everydayFirst.flatMap((name) => [
    `${isEveryday(name) ? '##' : '###'} ${fitting(makeWords(name), typedColumns).padEnd(typedColumns)}${declarationOf(name).summary}`,
    `COMMANDS += ${name}`,
  ]);
  return lines.join('\n');
};

const isEveryday = (name: CommandName): boolean => declarationOf(name).isEveryday === true;

/** As many words as there is room for. */
const fitting = (words: readonly string[], columns: number): string => {
  const whole = words.join(' ');
  if (whole.length < columns) return whole;
  const kept = words.filter((_, index) => words.slice(0, index + 1).join(' ').length < columns - 2);
  return `${kept.join(' ')} …`;
};

/** Every command that the CLI has, with make's form beside it. */
export const commandTable = (): string => {
  const rows = targets.concat(names.filter((name) => !targets.includes(name))).flatMap((name) =>
    formsOf(name).map((form) => {
      const { summary, make } = declarationOf(name);
      const typed = make === 'none' ? '' : code(makeWords(name, form).join(' '));
      return `| ${code(cliWords(name, form).join(' '))} | ${typed} | ${form.summary ?? summary} |`;
    }),
  );
  return ['| `npx postern …` | `make …` | does |', '|---|---|---|', ...rows].join('\n');
};

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

const formsOf = (name: CommandName): readonly CliForm[] => {
  const { cli = [{ words: name }] } = declarationOf(name);
  return cli === 'none' ? [] : cli;
};

const optionsOf = (name: CommandName, { options: chosen, given = {} }: CliForm) =>
  Object.entries(declarationOf(name).options ?? {}).filter(
    ([option]) => given[option] === undefined && (chosen?.includes(option) ?? true),
  );

const makeWords = (name: CommandName, form: CliForm = { words: name }): readonly string[] => {
  const { environment } = declarationOf(name);
  return [
    name,
    ...(environment === undefined ? [] : [environment === 'required' ? 'ENV=…' : '[ENV=…]']),
    ...Object.entries(form.given ?? {}).map(([option, value]) => `${option}=${value}`),
    ...optionsOf(name, form).map(([option, declared]) => makeWord(option, declared)),
  ];
};

const makeWord = (name: string, { example, isOn, isRequired }: Option): string => {
  const word = `${name}=${isOn ? '0' : (example ?? '1')}`;
  return isRequired ? word : `[${word}]`;
};

const cliWords = (name: CommandName, form: CliForm): readonly string[] => {
  const { environment } = declarationOf(name);
  return [
    form.words,
    ...(environment === undefined ? [] : [environment === 'required' ? '<env>' : '[env]']),
    ...(form.flag === undefined ? [] : [`--${form.flag}`]),
    ...optionsOf(name, form).map(([option, { example, isOn, isPositional, isRequired }]) => {
      if (isPositional) return `<${dashed(option)}>`;
      const word = [isOn ? `--no-${dashed(option)}` : `--${dashed(option)}`, example]
        .filter((each) => each !== undefined)
        .join(' ');
      return isRequired ? word : `[${word}]`;
    }),
  ];
};
