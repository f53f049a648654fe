import type { Environment } from '../environments/environment.ts';
import { terraform } from '../terraform/terraform.ts';

/** Of a saved plan's JSON, what is read here: https://developer.hashicorp.com/terraform/internals/json-format */
export interface TerraformPlan {
  readonly resource_changes?: readonly ResourceChange[];
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    /** `["no-op"]`, `["update"]`, `["delete", "create"]` and so on. */
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
  };
}

export const readPlan = async (
  environment: Environment,
  planFile: string,
): Promise<TerraformPlan> => {
  const { stdout } = await terraform(environment, ['show', '-json', planFile]);
  return JSON.parse(stdout) as TerraformPlan;
};
