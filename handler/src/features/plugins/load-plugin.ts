import type { PluginHooks } from './define-plugin.ts';

export type PluginPlace = 'before-auth' | 'before-upstream' | 'on-response';

/** A plugin of the contract. */
export interface Plugin {
  readonly name: string;
  readonly at: PluginPlace;
  readonly hooks: PluginHooks;
}

/**
 * Creates a plugin: the result of `definePlugin`, a function that returns a Middy middleware, or a middleware. Never
 * throws: if it cannot be created, each of its requests fails with the reason.
 */
export const loadPlugin = (
  { name, at }: Pick<Plugin, 'name' | 'at'>,
  exported: unknown,
  options: unknown,
): Plugin => ({ name, at, hooks: hooksOf(exported, options) });

const hooksOf = (exported: unknown, options: unknown): PluginHooks => {
  try {
    const hooks = created(exported, options);
    if (isMiddleware(hooks)) return hooks;
    throw new TypeError('The plugin has none of the hooks before, after and onError');
  } catch (error) {
    return {
      before: () => {
        throw error;
      },
    };
  }
};

const created = (exported: unknown, options: unknown): unknown => {
  if (typeof exported === 'function') return (exported as Create)(options);
  const { create } = (exported ?? {}) as { readonly create?: Create };
  return typeof create === 'function' ? create(options ?? {}) : exported;
};

type Create = (options: unknown) => unknown;

const isMiddleware = (value: unknown): value is PluginHooks =>
  typeof value === 'object' &&
  value !== null &&
  ['before', 'after', 'onError'].some(
    (hook) => typeof (value as Readonly<Record<string, unknown>>)[hook] === 'function',
  );
