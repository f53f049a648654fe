import architecture from '../../../architecture.json' with { type: 'json' };

type Layers = readonly Readonly<Record<string, string | undefined>>[];

const namesOf = (layer: Layers[number]): readonly string[] => Object.keys(layer);

/** A Mermaid diagram: a box for each layer, and an arrow from each layer to the next. */
const picture = (layers: Layers): string =>
  [
    '```mermaid',
    'flowchart TB',
    ...layers.flatMap((layer, index) => [
      `  subgraph layer${index}[" "]`,
      '    direction TB',
      ...namesOf(layer).map((name) => `    ${idOf(name)}["${name}"]`),
      '  end',
    ]),
    ...layers.slice(1).map((_, index) => `  layer${index} --> layer${index + 1}`),
    '```',
  ].join('\n');

const idOf = (name: string): string => name.replace(/\W/g, '_');

const table = (folder: string, entries: Layers[number]): string =>
  [
    '| folder or file | holds |',
    '| --- | --- |',
    ...Object.entries(entries).map(([name, what = '']) => {
      const path = folder === '' ? name : `${folder}/${name}`;
      return `| [\`${path}\`](../${path}) | ${what} |`;
    }),
  ].join('\n');

const area = (title: string, note: string, { folder, layers, shared = {} }: Area): string =>
  [
    `## ${title}`,
    note,
    picture(layers),
    table(folder, Object.assign({}, ...layers, shared) as Layers[number]),
  ].join('\n\n');

interface Area {
  readonly folder: string;
  readonly layers: Layers;
  readonly shared?: Layers[number];
}

/** The generated part of docs/architecture.md: pictures and lists of the folders, from architecture.json. */
export const describeArchitecture = (): string =>
  [
    area(
      'The handler',
      'A folder may import from the layers below it, and every folder may import the four shared files at the end of the list. Folders in the same layer do not import each other, except in the lowest layer. A feature, a sign-in method or a kind of upstream never imports another one. ESLint enforces this.',
      architecture.handler,
    ),
    area(
      'The commands',
      'A folder may import from the layers below it. No command imports another one. ESLint enforces this, too.',
      architecture.scripts,
    ),
    '## Everything else',
    table('', architecture.other),
  ].join('\n\n');
