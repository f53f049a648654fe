import { projectName } from '../command-line/project-name.ts';
import type { EnvironmentSettings, Section } from '../environments/environments-file.ts';
import type { Variables } from './read-variables.ts';

/**
 * What `environments.yaml` says, by the names of this repository's variables, for the commands that work on both. What it
 * leaves out has the default of the module.
 */
export const projectVariables = (
  environment: string,
  { region, inputs }: EnvironmentSettings,
): Variables => {
  const { upstreams = {}, api = {}, security = {}, stores = {}, operations = {} } = inputs;
  const { function: lambda = {} } = inputs;
  return {
    project: projectName(),
    environment,
    region,
    upstream_service_urls: upstreams,
    trusted_proxy: api['trusted_proxy'] ?? null,
    api_access_log: api['access_log'] ?? true,
    fault_injection: operations['fault_injection'] ?? false,
    alarms: operations['alarms'] ?? 'essential',
    dashboard: operations['dashboard'] ?? true,
    log_retention_days: operations['log_retention_days'] ?? 30,
    customer_managed_key: security['create_key'] ?? true,
    retain_customer_managed_key: security['retain_key'] ?? false,
    point_in_time_recovery: stores['point_in_time_recovery'] ?? true,
    ...ofFunction(lambda),
  };
};

const ofFunction = (lambda: Section): Variables => ({
  memory_mb: lambda['memory_mb'] ?? 256,
  architecture: lambda['architecture'] ?? 'arm64',
  reserved_concurrency: lambda['reserved_concurrency'] ?? null,
  provisioned_concurrency: lambda['provisioned_concurrency'] ?? 0,
  log_sample_rate: lambda['log_sample_rate'] ?? 1,
  system_log_level: lambda['system_log_level'] ?? 'WARN',
  tracing: lambda['tracing'] ?? false,
});
