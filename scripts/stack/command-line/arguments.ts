import { durationMs, isDurationWithin } from '../../../handler/compiler/duration.ts';
import { suggestion } from '../../../handler/compiler/nearest.ts';
import { CommandError } from './command-error.ts';

/** The `NAME=value` arguments of one command. Exported variables are ignored, and an empty value means absent. */
export type Arguments<Name extends string = string> = Readonly<Partial<Record<Name, string>>>;

/** Names of earlier versions. */
const renamed: Readonly<Record<string, string>> = {
  TTL_HOURS: 'TTL, a duration such as TTL=8h',
  KEEP_HOURS: 'KEEP, a duration such as KEEP=30d',
};

/** Settings of a whole shell, such as `LOCAL_PORT` and `AWS_PROFILE`: make exports those that are typed as well. */
const isSetting = (name: string): boolean => /^(LOCAL|AWS|TF|POSTERN)_/.test(name);

/** Throws where a name is not one of the command's. */
export const readArguments = <Name extends string>(
  names: readonly Name[],
  typed: readonly string[],
): Arguments<Name> => {
  if (typed.includes('--help'))
    throw new CommandError(
      'make help-all lists the commands; docs/commands.md has their arguments.',
    );
  const isKnown = (name: string): name is Name => (names as readonly string[]).includes(name);
  const found: Partial<Record<Name, string>> = {};
  for (const text of typed.filter((one) => one.includes('=') && !one.startsWith('--'))) {
    const [name = '', ...rest] = text.split('=');
    const value = rest.join('=');
    if (isSetting(name)) process.env[name] = value;
    else if (!isKnown(name)) throw new CommandError(unknown(name, names));
    else if (value !== '') found[name] = value;
  }
  return found;
};

const unknown = (name: string, names: readonly string[]): string => {
  const now = renamed[name];
  if (now !== undefined) return `${name} is now ${now}.`;
  const hint = names.length === 0 ? '; it takes none' : suggestion(name, names);
  return `This command has no argument ${name}${hint}`;
};

/** `0`, `false` and an empty value are off, `1` and `true` are on. */
export const flag = (text: string | undefined, name: string, usual = false): boolean => {
  if (text === undefined) return usual;
  if (['0', 'false', ''].includes(text)) return false;
  if (['1', 'true'].includes(text)) return true;
  throw new CommandError(`${name} is "${text}"; it is 1 or 0.`);
};

interface Range<T> {
  readonly usual: T;
  readonly least: T;
  readonly most: T;
}

/** In milliseconds, in the grammar of the contract: `300ms`, `5s`, `10m`, `8h`, `30d`. */
export const duration = (
  text: string | undefined,
  name: string,
  { usual, least, most }: Range<string>,
): number => {
  const ms = durationMs(text ?? usual);
  if (ms !== undefined && isDurationWithin(ms, { min: least, max: most })) return ms;
  throw new CommandError(
    `${name} is "${text}"; it is a duration from ${least} to ${most}, such as ${usual}.`,
  );
};

export const number = (
  text: string | undefined,
  name: string,
  { usual, least, most, isWhole = false }: Range<number> & { readonly isWhole?: boolean },
): number => {
  const value = Number(text ?? usual);
  const isInRange = text?.trim() !== '' && value >= least && value <= most;
  if (isInRange && (!isWhole || Number.isInteger(value))) return value;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new CommandError(
    `${name} is "${text}"; it is ${kind} from ${least} to ${most}, such as ${usual}.`,
  );
};
