import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import architecture from '../../../architecture.json' with { type: 'json' };
import { projectFolder } from '../../stack/command-line/folders.ts';
import { describeArchitecture } from './describe-architecture.ts';

const foldersIn = (folder: string): readonly string[] =>
  readdirSync(join(projectFolder, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe('architecture.json', () => {
  it.each([architecture.handler, architecture.scripts])(
    'names every folder in $folder, and no other',
    ({ folder, layers }) => {
      const named = layers.flatMap((layer) => Object.keys(layer));
      const folders = named.filter((name) => !name.endsWith('.ts'));
      expect(folders.toSorted()).toEqual(foldersIn(folder).toSorted());
    },
  );

  it('is in the picture with an arrow from each layer to the next', () => {
    const text = describeArchitecture();
    expect(text).toContain('layer0 --> layer1');
    expect(text).toContain('sign_in["sign-in"]');
    expect(text).toContain('[`handler/src/exchange.ts`](../handler/src/exchange.ts)');
  });
});
