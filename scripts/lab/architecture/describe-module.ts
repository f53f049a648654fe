import { CommandError } from '../../stack/command-line/command-error.ts';
import { findGoProgram } from '../../stack/command-line/find-go-program.ts';
import { run } from '../../stack/command-line/run.ts';

const version = 'v0.0.0-20260904064934-75d64de68c31';

interface Declared {
  readonly name: string;
  readonly description?: string;
}

/** The output of terraform-config-inspect for a module. */
export interface Module {
  readonly variables: Readonly<
    Record<string, Declared & { type?: string; default: unknown; required: boolean }>
  >;
  readonly outputs: Readonly<Record<string, Declared>>;
  readonly managed_resources: Readonly<Record<string, unknown>>;
}

/**
 * Reads modules by HashiCorp's own parser: terraform-docs, which does the same, cannot be had from Go's module proxy, and
 * Terraform itself describes a module only after a plan of it.
 */
export const moduleReader = async (): Promise<(folder: string) => Promise<Module>> => {
  const program = await findGoProgram({
    name: 'terraform-config-inspect',
    module: 'github.com/hashicorp/terraform-config-inspect',
    version,
    versionArgument: '--json',
    howToGet: 'Install Go (https://go.dev/dl), with which it is built here.',
  });
  return async (folder) => {
    const { exitCode, stdout, stderr } = await run(program, ['--json', folder]);
    if (exitCode !== 0) throw new CommandError(`${folder} cannot be read:\n${stdout}${stderr}`);
    return JSON.parse(stdout) as Module;
  };
};

/** Tables of a module's inputs, outputs and resources, in Markdown. */
export const describeModule = ({ variables, outputs, managed_resources: made }: Module): string =>
  [
    table(
      ['Inputs', 'Name', 'Description', 'Type', 'Default'],
      Object.values(variables).map(({ name, description = '', type = 'any', ...rest }) => [
        code(name),
        description,
        code(onOneLine(type)),
        rest.required ? 'required' : code(JSON.stringify(rest.default)),
      ]),
    ),
    table(
      ['Outputs', 'Name', 'Description'],
      Object.values(outputs).map(({ name, description = '' }) => [code(name), description]),
    ),
    table(
      ['Resources', 'Address'],
      Object.keys(made).map((address) => [code(address)]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');

const table = (
  [title = '', ...head]: readonly string[],
  rows: readonly (readonly string[])[],
): string => {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const lines = [line(head), line(head.map(() => '---')), ...rows.map(line)];
  return rows.length === 0 ? '' : `## ${title}\n\n${lines.join('\n')}`;
};

const onOneLine = (type: string): string =>
  type
    .replace(/\(\{\s+/g, '({ ')
    .replace(/,?\n\s*\}/g, ' }')
    .replace(/,?\n\s*/g, ', ')
    .replace(/ {2,}/g, ' ');

const code = (text: string): string => `\`${text}\``;
