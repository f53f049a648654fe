import type { Variables } from '../../stack/terraform/read-variables.ts';

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

/** From the values of Terraform's variables in an environment: nothing needs to be deployed. */
export const stackSettings = (variables: Variables): StackSettings => {
  const { architecture, alarms } = variables;
  return {
    memoryMb: Number(variables['memory_mb']),
    architecture: architecture === 'x86_64' ? 'x86_64' : 'arm64',
    provisionedConcurrency: Number(variables['provisioned_concurrency']),
    hasApiAccessLog: variables['api_access_log'] === true,
    hasPlatformLines: variables['system_log_level'] !== 'WARN',
    logSampleRate: Number(variables['log_sample_rate']),
    logRetentionDays: Number(variables['log_retention_days']),
    isTraced: variables['tracing'] === true,
    hasOwnKey: variables['customer_managed_key'] === true,
    retainsKey: variables['retain_customer_managed_key'] === true,
    hasPointInTimeRecovery: variables['point_in_time_recovery'] === true,
    hasDashboard: variables['dashboard'] === true,
    alarms: String(alarms),
  };
};
