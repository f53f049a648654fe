import { readFileSync } from 'node:fs';
import { terraformFolder } from '../../stack/command-line/folders.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { readModule } from '../../lab/terraform-docs/read-module.ts';

/** What of an environment costs money. */
export interface StackSettings {
  readonly memoryMb: number;
  readonly architecture: 'arm64' | 'x86_64';
  readonly provisionedConcurrency: number;
  readonly hasApiAccessLog: boolean;
  readonly hasPlatformLines: boolean;
  readonly logSampleRate: number;
  readonly logRetentionDays: number;
  readonly isTraced: boolean;
  readonly hasOwnKey: boolean;
  /** An own key, though nothing new is encrypted under it. */
  readonly retainsKey: boolean;
  readonly hasPointInTimeRecovery: boolean;
  readonly hasDashboard: boolean;
  readonly alarms: string;
}

/** An environment's tfvars over the defaults of Terraform's root: nothing is deployed, and nobody asked. */
export const readStackSettings = (variablesFile: string): StackSettings => {
  const defaults = readModule(terraformFolder).variables.map(
    (variable) => [variable.name, variable.default ?? ''] as const,
  );
  const values = {
    ...Object.fromEntries(defaults),
    ...valuesOf(readFileSync(variablesFile, 'utf8')),
  };
  const value = (name: string): string => {
    const found = values[name];
    if (found === undefined) throw new CommandError(`Terraform has no variable ${name}.`);
    return found.replace(/^"(.*)"$/, '$1');
  };
  return {
    memoryMb: Number(value('memory_mb')),
    architecture: value('architecture') === 'x86_64' ? 'x86_64' : 'arm64',
    provisionedConcurrency: Number(value('provisioned_concurrency')),
    hasApiAccessLog: value('api_access_log') === 'true',
    hasPlatformLines: value('system_log_level') !== 'WARN',
    logSampleRate: Number(value('log_sample_rate')),
    logRetentionDays: Number(value('log_retention_days')),
    isTraced: value('tracing') === 'true',
    hasOwnKey: value('customer_managed_key') === 'true',
    retainsKey: value('retain_customer_managed_key') === 'true',
    hasPointInTimeRecovery: value('point_in_time_recovery') === 'true',
    hasDashboard: value('dashboard') === 'true',
    alarms: value('alarms'),
  };
};

/** Plain values alone: what costs money is a number, a word or a switch. */
export const valuesOf = (tfvars: string): Record<string, string> =>
  Object.fromEntries(
    [...tfvars.matchAll(/^(\w+)\s*=\s*("[^"\n]*"|[\w.]+)\s*(?:#.*)?$/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
