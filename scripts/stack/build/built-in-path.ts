import type { BuiltInName, Target } from '../../../handler/src/contract.ts';

interface RouteWithPath {
  readonly path: string;
  readonly target: Target;
}

/** Where the contract has a route of the gateway itself; undefined if it has none. */
export const builtInPath = (
  routes: readonly RouteWithPath[],
  name: BuiltInName,
): string | undefined =>
  routes.find(({ target }) => target.kind === 'built-in' && target.name === name)?.path;

/** Every contract has one: it shows that the function runs. */
export const healthPath = (routes: readonly RouteWithPath[]): string =>
  builtInPath(routes, 'health') ?? '/health';

/** Whether it is of a route of the gateway itself, and not of an operation. */
export const isOwnTarget = (
  target: Target,
): target is Extract<Target, { readonly kind: 'built-in' | 'browserSignIn' }> =>
  target.kind === 'built-in' || target.kind === 'browserSignIn';
