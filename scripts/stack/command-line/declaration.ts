/** An argument of a command: `TTL=8h` for make, `--ttl 8h` for the CLI. */
export interface Option {
  readonly help: string;
  /** What a value may be; absent: a flag, `1` for make. */
  readonly example?: string;
  /** A flag that is on: `FOLLOW=0` for make, `--no-follow` for the CLI. */
  readonly isOn?: true;
  /** The command fails without it. */
  readonly isRequired?: true;
  /** The CLI takes it without a name: `postern import <file>`. */
  readonly isPositional?: true;
  readonly choices?: readonly string[];
}

/** One way in which the CLI says a command. */
export interface CliForm {
  /** `session end`; a flag chooses among the forms of the same words: `deploy --gradual`. */
  readonly words: string;
  readonly flag?: string;
  /** Where it differs from the command's. */
  readonly summary?: string;
  /** Arguments that this form stands for. */
  readonly given?: Readonly<Record<string, string>>;
  /** The options that it has; absent: all of the command's. */
  readonly options?: readonly string[];
}

export type Group = 'author' | 'ship' | 'access' | 'operate' | 'contribute';

/** What make, the CLI, the help and the shell completion know of a file in `scripts/commands`. */
export interface Declaration {
  readonly group: Group;
  readonly summary: string;
  /** Whether it works on an environment, `ENV=…`; `optional`: it also works without one. */
  readonly environment?: 'required' | 'optional';
  readonly options?: Readonly<Record<string, Option>>;
  /** One of the targets that `make help` lists. */
  readonly isEveryday?: true;
  /** How the CLI says it: by its own name unless given. `none`: make alone has it. */
  readonly cli?: 'none' | readonly CliForm[];
  /** `none`: the CLI alone has it. */
  readonly make?: 'none';
}

/** An argument without which the command fails. */
export const required = (example: string, help: string): Option => ({
  example,
  help,
  isRequired: true,
});

export const value = (example: string, help: string): Option => ({ example, help });

export const flag = (help: string): Option => ({ help });
