import tseslint from 'typescript-eslint';
import architecture from './architecture.json' with { type: 'json' };

/**
 * Who may import whom, by architecture.json: what is in a layer may import what is in the layers below it. Folders of
 * one layer do not know each other, except those of the lowest. docs/architecture.md shows the same data as a picture.
 */
const layers = architecture.handler.layers.map((folders) =>
  Object.keys(folders).filter((name) => !name.endsWith('.ts')),
);
const shared = Object.keys(architecture.handler.shared).map((file) => file.replace('.', '\\.'));
/** Each of these holds folders that do not know each other. */
const oneByOne = ['features', 'sign-in', 'upstreams'];

/** What a folder says of itself to the compiler; it never runs in the function. */
const buildTime = [
  'handler/src/*/contract.ts',
  'handler/src/*/*/contract.ts',
  'handler/src/*/*/compile/*.ts',
];

const mayNotImport = (folder, layer) => {
  const above = layers.slice(0, layer).flat();
  const beside = layers[layer].filter((other) => other !== folder);
  const forbidden = layer === layers.length - 1 ? above : [...above, ...beside];
  const patterns = forbidden.map((other) => ({
    regex: `^(\\.\\./)+${other}/`,
    message: `${folder}/ may not import ${other}/: imports point down the layers (docs/architecture.md).`,
  }));
  patterns.push({
    regex: `^(\\.\\./)+(?!(${shared.join('|')})$)[\\w-]+\\.ts$`,
    message: 'Only index.ts and gateway.ts put the pieces together.',
  });
  if (oneByOne.includes(folder)) {
    patterns.push({
      regex: '^\\.\\./[\\w-]+/',
      message: `What is in ${folder}/ never imports its neighbors.`,
    });
  }
  patterns.push({
    regex: '^((\\.\\./)+compiler|\\./compile)/|^\\./contract\\.ts$',
    message: 'The compiler is not in the zip: what runs for a request imports nothing of it.',
  });
  if (!['stores', 'aws'].includes(folder)) {
    patterns.push({ group: ['@aws-sdk/*'], message: 'Only stores/ and aws/ call AWS.' });
  }
  return {
    files: [`handler/src/${folder}/**/*.ts`],
    ignores: ['**/*.test.ts', ...buildTime],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
};

/** The same for the commands: each folder of scripts imports the folders below it; no command imports another. */
const [rooms] = architecture.scripts.layers
  .map((folders) => Object.keys(folders))
  .reduce(
    ([all, seen], folders) => [
      [...all, [folders, seen]],
      [...seen, ...folders],
    ],
    [[], []],
  );
const scriptsMayNotImport = ([folders, forbidden]) => ({
  files: folders.map((folder) => `scripts/${folder}/**/*.ts`),
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...forbidden.map((other) => ({
            regex: `^(\\.\\./)+${other}/`,
            message: `scripts/${folders[0]}/ may not import scripts/${other}/: imports point down (docs/architecture.md).`,
          })),
          ...(folders.includes('commands')
            ? [{ regex: '^\\./', message: 'A command does not import another.' }]
            : []),
          ...(folders.includes('operations') || folders.includes('stack')
            ? [{ regex: '/handler/test', message: 'What users run imports no test fixture.' }]
            : []),
        ],
      },
    ],
  },
});

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'coverage/',
      'reports/',
      'dist/',
      'handler/dist/',
      'handler/generated/',
      'handler/compiler/testing/toys/', // Checked where a test copies it to.
      '.postern/',
      'load-test/bench/peers/',
      '**/node_modules/',
    ],
  },
  {
    files: [
      'handler/**/*.ts',
      'scripts/**/*.ts',
      'load-test/{lib,scenarios}/*.ts',
      'load-test/bench/**/*.ts',
      'examples/*/src/*.ts',
    ],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // `import { type X }` alone still loads the module at run time.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only environment.ts reads process.env.' },
      ],
    },
  },
  {
    files: [
      'handler/src/environment.ts',
      'handler/testing/effort.ts',
      'handler/test/**/*.ts',
      'scripts/**/*.ts',
      'examples/*/src/*.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['scripts/**/*.ts', 'load-test/bench/**/*.ts', 'examples/*/src/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  ...layers.flatMap((folders, layer) => folders.map((folder) => mayNotImport(folder, layer))),
  ...rooms.map(scriptsMayNotImport),
  {
    files: ['handler/compiler/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/scripts/**'], message: 'The compiler knows no command.' }] },
      ],
    },
  },
);
