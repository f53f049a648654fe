import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { projectFolder, terraformFolder } from '../command-line/folders.ts';
import type { Environment } from '../environments/environment.ts';
import { problemOf, readVariables } from './read-variables.ts';

let folder: string;
let variablesFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-tfvars-'));
  variablesFile = join(folder, 'dev.tfvars');
});

afterEach(() => rmSync(folder, { recursive: true }));

const environmentWith = (file: string): Environment => ({
  name: 'dev',
  folder,
  variables: { PATH: process.env['PATH'] },
  local: undefined,
  variablesFile: file,
  backendFile: '',
});

const valuesOf = (...lines: readonly string[]) => {
  writeFileSync(variablesFile, ['environment = "dev"', ...lines, ''].join('\n'));
  return readVariables(environmentWith(variablesFile));
};

const problemsOf = async (...lines: readonly string[]): Promise<readonly string[]> => {
  const message = await valuesOf(...lines).then(
    () => '',
    (error: Error) => error.message,
  );
  return message.replaceAll(relative(projectFolder, variablesFile), 'dev.tfvars').split('\n');
};

describe('the variables of an environment', () => {
  it('are what the tfvars set, and else the defaults', async () => {
    const values = await valuesOf('throttle_burst = 7', 'slo = { latency_p95_ms = 200 }');
    expect(values).toMatchObject({
      throttle_burst: 7,
      throttle_rate_per_second: 50,
      slo: { latency_p95_ms: 200, availability_percent: null },
    });
  });

  it('name a variable that the root does not declare, and the nearest that it does', async () => {
    expect(await problemsOf('reserved_concurency = 200', 'zebra = 1')).toEqual([
      'dev.tfvars: There is no variable "reserved_concurency" — did you mean "reserved_concurrency"?',
      'dev.tfvars: There is no variable "zebra"; terraform/README.md lists all',
    ]);
  });

  it.each([
    ['alarm_email = "team@example.com"', 'alarm_email is now alarm_emails, a list.'],
    ['cors = null', 'cors is now "cors" in x-postern.defaults of handler/gateway.yaml'],
    ['disable_default_endpoint = true', 'disable_default_endpoint is now default_endpoint'],
  ])('name the new name of %s', async (line, message) => {
    expect(await problemsOf(line)).toEqual([expect.stringContaining(`dev.tfvars: ${message}`)]);
  });

  it('name an attribute that the declared object does not have', async () => {
    expect(await problemsOf('', 'slo = {', '  latency_p95 = 200', '}')).toEqual([
      'dev.tfvars: slo has no "latency_p95" — did you mean "latency_p95_ms"?',
    ]);
  });

  it('name the value to write if null is not allowed', async () => {
    expect(await problemsOf('throttle_burst = null', 'slo = null', 'custom_domain = null')).toEqual(
      [
        'dev.tfvars: slo must not be null: write slo = {}, which is the default, or another value',
        'dev.tfvars: throttle_burst must not be null: write throttle_burst = 100, which is the default, or another value',
      ],
    );
  });

  it('name the file and line of a value that breaks a validation, beside the other problems', async () => {
    expect(await problemsOf('monthly_budget_usd = 0', 'log_levell = 1')).toEqual([
      'dev.tfvars: line 2: Invalid value for variable',
      'monthly_budget_usd is more than 0, such as 20.',
      'dev.tfvars: There is no variable "log_levell"; terraform/README.md lists all',
    ]);
  });

  it('name the file if a variable without a default is not set', async () => {
    writeFileSync(variablesFile, 'region = "us-east-1"\n');
    await expect(readVariables(environmentWith(variablesFile))).rejects.toThrow(
      /dev\.tfvars: .*\n.*"environment"/,
    );
  });

  it('are right in every environment of this repository', async () => {
    const environments = join(terraformFolder, 'environments');
    const files = readdirSync(environments).filter((name) => name.endsWith('.tfvars'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const values = await readVariables(environmentWith(join(environments, file)));
      expect(values['environment']).toBe(file.slice(0, -'.tfvars'.length));
    }
  });

  it('leave dev deployable in a new account, which may run 10 functions at once', async () => {
    const dev = await readVariables(
      environmentWith(join(terraformFolder, 'environments', 'dev.tfvars')),
    );
    expect(dev).toMatchObject({ reserved_concurrency: null, provisioned_concurrency: 0 });
  });

  it('are null only if that is the default', async () => {
    const defaults = await valuesOf();
    const names = Object.keys(defaults).filter((name) => name !== 'environment');
    const required = names.filter((name) => defaults[name] !== null);
    const problems = await problemsOf(...names.map((name) => `${name} = null`));
    expect(problems.map((line) => /: (\w+) must not be null/.exec(line)?.[1]).toSorted()).toEqual(
      required.toSorted(),
    );
  });
});

describe('problemOf', () => {
  it('finds an attribute that the conversion has dropped, however deep', () => {
    const given = { rules: [{ path: '/a' }, { paht: '/b' }] };
    const value = { rules: [{ path: '/a' }, { path: null }] };
    expect(problemOf('routing', given, value)).toBe(
      'routing.rules[1] has no "paht" — did you mean "path"?',
    );
  });

  it.each([
    ['a map, whose keys are free', { users: 'a' }, { users: 'a' }],
    ['a number written as a text', '5', 5],
    ['attributes left out', {}, { optional: null }],
    ['a list that became a set', ['b', 'a', 'a'], ['a', 'b']],
  ])('accepts %s', (_, given, value) => {
    expect(problemOf('it', given, value)).toBeUndefined();
  });
});
