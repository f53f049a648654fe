import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { examplePlaces } from '../../../scripts/stack/build/build-places.ts';

/**
 * Imported for its effect: a handler that is loaded after it, by `import()`, has the example contract, as in the tests.
 */
registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const name = /\/generated\/(contract\.js)$/.exec(specifier)?.[1];
    return nextResolve(
      name === undefined
        ? specifier
        : pathToFileURL(join(examplePlaces.generatedFolder, name)).href,
      context,
    );
  },
});
