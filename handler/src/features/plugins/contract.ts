import { emitList, emitObject, literal } from '../../../compiler/code.ts';
import { contractPart, type Located } from '../../../compiler/contract-part.ts';
import { suggestion } from '../../../compiler/nearest.ts';
import type { Report } from '../../../compiler/problem.ts';

/** From the outside to the inside. */
const places = ['on-response', 'before-auth', 'before-upstream'] as const;

const plugin = {
  type: 'object',
  additionalProperties: false,
  required: ['use', 'at'],
  properties: {
    use: {
      type: 'string',
      pattern: '^(\\.{1,2}/.+|(@[a-z0-9._-]+/)?[a-z0-9][a-z0-9._-]*(/[A-Za-z0-9._/-]+)?)$',
      errorMessage:
        'must be a path that begins with ./, such as ./plugins/tenant.ts, or the name of a package',
      description:
        'A file, by its path from the contract, or an installed package. Its default export is a plugin (`definePlugin`), a Middy middleware, or a function that returns one.',
      examples: ['./plugins/tenant.ts'],
    },
    at: {
      enum: ['before-auth', 'before-upstream', 'on-response'],
      description: 'Where its hooks run; see below.',
      examples: ['before-upstream'],
    },
    with: {
      type: 'object',
      description: 'Its options, checked by its own schema when the gateway is built.',
    },
  },
} as const;

export default contractPart({
  folder: 'features/plugins',
  root: {
    plugins: {
      type: 'object',
      additionalProperties: plugin,
      propertyNames: {
        pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
        errorMessage:
          'must be a name of lower-case letters, digits and single hyphens that starts with a letter',
      },
      description: 'Middy middlewares that operations name.',
    },
  },
  route: {
    plugins: {
      type: 'array',
      errorMessage: 'must be a list of names, such as [tenant], or [] for none',
      items: { type: 'string' },
      default: [],
      description:
        'Names from the document’s `plugins`, the outermost first; `[]` for none. The gateway’s own routes have none.',
      examples: ['[]'],
    },
  },
  compile: ({ root, operations, nearest, everywhere, report }) => {
    const defined = Object.entries(root.plugins ?? {}).flatMap(([name, section]) => {
      const { use, at, with: options = {} } = section ?? {};
      return use === undefined || at === undefined ? [] : [{ name, use, at, options }];
    });
    for (const list of everywhere('plugins'))
      checkNames(list, Object.keys(root.plugins ?? {}), report);

    const byRoute = new Map(
      operations.map((operation) => {
        const names = nearest(operation, 'plugins')?.value ?? [];
        return [
          operation.id,
          names.flatMap((name) => defined.filter((each) => each.name === name)),
        ];
      }),
    );
    const used = new Set([...byRoute.values()].flat());
    const runsAt = (...at: (typeof places)[number][]) =>
      [...used].some((each) => at.includes(each.at));
    const projectModules = defined.map(({ name, use, options }) => ({
      file: fileOf(name),
      use,
      options,
      path: ['x-postern', 'plugins', name],
    }));
    if (used.size === 0) return () => ({ projectModules });
    return ({ use, useAll }) => {
      const load = use('loadPlugin', 'load-plugin.ts');
      const loaded = [...used].map(({ name, at }) => {
        const module = useAll(`plugin_${name.replaceAll('-', '_')}`, fileOf(name));
        const code = `${load}(${literal({ name, at })}, ${module}.default, ${module}.options)`;
        return [literal(name), code] as const;
      });
      return {
        features: {
          pluginsOnResponse: use('pluginsOnResponse', 'plugins.ts'),
          ...(runsAt('on-response', 'before-auth') && {
            pluginsBeforeAuth: use('pluginsBeforeAuth', 'plugins.ts'),
          }),
          ...(runsAt('before-upstream') && {
            pluginsBeforeUpstream: use('pluginsBeforeUpstream', 'plugins.ts'),
          }),
        },
        statements: [`const plugins = ${emitObject(Object.fromEntries(loaded))};`],
        route: (id) => {
          const own = byRoute.get(id) ?? [];
          if (own.length === 0) return {};
          const listAt = (place: (typeof places)[number]) =>
            emitList(
              own.flatMap(({ name, at }) => (at === place ? [`plugins[${literal(name)}]`] : [])),
            );
          const lists = places.map((place) => [literal(place), listAt(place)] as const);
          return { plugins: emitObject(Object.fromEntries(lists)) };
        },
        projectModules,
      };
    };
  },
});

const fileOf = (name: string): string => `plugin-${name}.js`;

type Names = readonly (string | undefined)[];

const checkNames = (
  { value, path }: Located<Names>,
  known: readonly string[],
  report: Report,
): void => {
  for (const [index, name] of value.entries()) {
    if (name === undefined) continue;
    if (value.indexOf(name) !== index) report([...path, index], `"${name}" is named twice`);
    if (!known.includes(name))
      report([...path, index], `unknown plugin "${name}"${suggestion(name, known)}`);
  }
};
