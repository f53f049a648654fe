import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { Command } from 'commander';
import { commands } from './commands.ts';
import { projectFolder } from './folders.ts';
import { createProgram } from './program.ts';

const folder = join(projectFolder, 'scripts/commands');

/** What `postern <typed>` runs, or what it says instead. */
const typed = async (text: string): Promise<unknown> => {
  let ran: unknown;
  const program = createProgram(async (name, args) => {
    ran = [name, ...args];
  });
  const written: string[] = [];
  const quiet = (command: Command): void => {
    command.exitOverride();
    const write = (line: string): void => void written.push(line);
    command.configureOutput({ writeOut: write, writeErr: write });
    command.commands.forEach(quiet);
  };
  quiet(program);
  try {
    await program.parseAsync(text.split(' '), { from: 'user' });
  } catch {
    return written.join('');
  }
  return ran;
};

describe('postern', () => {
  it.each([
    ['validate', ['validate']],
    [
      'validate --contract a.yaml --strict --json',
      ['validate', 'CONTRACT=a.yaml', 'STRICT=1', 'JSON=1'],
    ],
    ['import kong.yaml --out b.yaml', ['import', 'FILE=kong.yaml', 'OUT=b.yaml']],
    ['deploy local', ['deploy', 'ENV=local']],
    [
      'deploy prod --gradual --pause 5m --yes prod',
      ['release', 'ENV=prod', 'CONFIRM=prod', 'PAUSE=5m'],
    ],
    ['session create dev --user alice --ttl 8h', ['session', 'ENV=dev', 'USER=alice', 'TTL=8h']],
    ['session end dev --token a.b', ['revoke', 'ENV=dev', 'TOKEN=a.b']],
    ['signing-key rotate dev --keep 30d', ['rotate-key', 'ENV=dev', 'KEEP=30d']],
    ['signing-key replace dev --yes dev', ['rotate-key', 'NOW=1', 'ENV=dev', 'CONFIRM=dev']],
    ['logs dev --no-follow --request-id 1', ['logs', 'ENV=dev', 'FOLLOW=0', 'REQUEST_ID=1']],
    ['plan dev --no-refresh', ['plan', 'ENV=dev', 'REFRESH=0']],
    ['test load dev --scenario smoke', ['loadtest', 'ENV=dev', 'SCENARIO=smoke']],
    ['recover state dev --restore 7', ['state', 'ENV=dev', 'RESTORE=7']],
  ])('%s runs %j', async (text, expected) => {
    expect(await typed(text)).toEqual(expected);
  });

  it.each([
    ['deplyo local', 'Did you mean deploy?'],
    ['deploy', "missing required argument 'env'"],
    ['deploy local --gradul', 'Did you mean --gradual?'],
    ['deploy local --pause 5m', '--pause needs --gradual'],
    ['deploy local prod', 'too many arguments'],
    ['session creat dev', 'Did you mean create?'],
  ])('%s is refused: %s', async (text, message) => {
    expect(await typed(text)).toContain(message);
  });

  it.each(['zsh', 'bash', 'fish'])('writes the completion script of %s', async (shell) => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await typed(`complete ${shell}`);
      expect(String(log.mock.calls[0])).toContain('postern');
    } finally {
      log.mockRestore();
    }
  });
});

describe('each declared command', () => {
  it('has a file, and each file is declared', () => {
    const files = readdirSync(folder).map((file) => basename(file, '.ts'));
    expect(Object.keys(commands).toSorted()).toEqual(files.toSorted());
  });
});
