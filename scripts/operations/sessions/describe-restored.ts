import { isRepository } from '../../stack/command-line/folders.ts';

interface Restored {
  readonly environment: string;
  /** The new table. */
  readonly name: string;
  /** The table in use, if it is itself a restored one: the version that serves reads it until the next release. */
  readonly kept: string | undefined;
}

/**
 * What puts a restored table to use: lines of the tfvars, or of a project's `environments.yaml` and, because modules cannot
 * import, of its `main.tf`.
 */
export const describeRestored = (
  { environment, name, kept }: Restored,
  isTfvars = isRepository,
): readonly string[] =>
  isTfvars
    ? [
        ...(kept === undefined ? [] : [`kept_sessions_tables = ["${kept}"]`]),
        `restored_sessions_table = "${name}"`,
      ]
    : [
        `environments.yaml, in stores of ${environment}:`,
        ...(kept === undefined ? [] : [`  kept_sessions_tables: [${kept}]`]),
        `  restored_sessions_table: ${name}`,
        'main.tf, until it is applied:',
        '  import {',
        `    to = module.gateway.module.tables.aws_dynamodb_table.this["${name}"]`,
        `    id = "${name}"`,
        '  }',
      ];
