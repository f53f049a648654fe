import type { CorsPolicy } from '../../handler/src/server/cross-origin.ts';

export interface ResolvedCors {
  readonly policy: CorsPolicy | null;
  /** The origins whose pages may send state-changing requests with the session cookie. */
  readonly sessionOrigins: readonly string[];
}

/** Pages of a developer's machine: what an origin `${name}` stands for while `dev.yaml` has no value for it. */
const localPages = ['http://*'];

/** The CORS policy of the contract with the values of `dev.yaml`. */
export const resolveCors = (
  policy: CorsPolicy | null | undefined,
  values: Readonly<Record<string, string>>,
): ResolvedCors => {
  if (!policy) return { policy: null, sessionOrigins: [] };
  const allow_origins = policy.allow_origins.flatMap((origin) => {
    const name = /^\$\{(.+)\}$/.exec(origin)?.[1];
    if (name === undefined) return [origin];
    return values[name]?.split(',').map((each) => each.trim()) ?? localPages;
  });
  return {
    policy: { ...policy, allow_origins },
    sessionOrigins: allow_origins.filter((origin) => !origin.includes('*')),
  };
};
