import { valueNames } from '../../handler/src/contract-values.ts';
import type { CorsPolicy } from '../../handler/src/features/cors/cors-policy.ts';
import { withValues } from '../../handler/src/features/cors/cors-values.ts';

export interface ResolvedCors {
  /** That of API Gateway itself. Null: there is none, or the gateway responds to preflights. */
  readonly policy: CorsPolicy | null;
  /** The origins whose pages may send state-changing requests with the session cookie. */
  readonly sessionOrigins: readonly string[];
  /** What the origins of the contract stand for, by name. */
  readonly values: Readonly<Record<string, string>>;
}

/** Pages of a developer's machine: what an origin `${name}` stands for while `dev.yaml` has no value for it. */
const localPages = 'http://*';

/** The CORS policies of the contract with the values of `dev.yaml`. */
export const resolveCors = (
  summary: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, string>>,
): ResolvedCors => {
  const one = summary['cors'] as CorsPolicy | null | undefined;
  const origins = (summary['cors_origins'] ?? one?.allow_origins ?? []) as readonly string[];
  const values = Object.fromEntries(
    valueNames(origins).map((name) => [name, given[name] ?? localPages]),
  );
  const allow_origins = withValues(origins, values);
  return {
    policy: one ? { ...one, allow_origins } : null,
    sessionOrigins: allow_origins.filter((origin) => !origin.includes('*')),
    values,
  };
};
