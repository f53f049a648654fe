import tseslint from 'typescript-eslint';

/**
 * The arrows of the design: data goes downhill.
 * index -> gateway -> pipeline, features, sign-in, upstreams, built-in -> stores, http, telemetry -> aws
 * A folder in `oneByOne` holds rooms that do not know each other.
 */
const layers = [
  ['pipeline', 'features', 'sign-in', 'upstreams', 'built-in'],
  ['stores'],
  ['http', 'telemetry', 'memory', 'aws'],
];
const oneByOne = ['features', 'sign-in', 'upstreams'];

const mayNotImport = (folder, layer) => {
  const above = layers.slice(0, layer).flat();
  const beside = layers[layer].filter((other) => other !== folder);
  const forbidden = layer === layers.length - 1 ? above : [...above, ...beside];
  const patterns = forbidden.map((other) => ({
    regex: `^(\\.\\./)+${other}/`,
    message: `${folder}/ may not import ${other}/: data goes downhill (see CONTRIBUTING.md).`,
  }));
  patterns.push({
    regex: '^(\\.\\./)+(?!contract|exchange|middleware|environment)[\\w-]+\\.ts$',
    message: 'Only index.ts and gateway.ts put the pieces together.',
  });
  if (oneByOne.includes(folder)) {
    patterns.push({
      regex: '^\\.\\./[\\w-]+/',
      message: `What is in ${folder}/ never imports its neighbours.`,
    });
  }
  if (layer === 0) {
    patterns.push({ group: ['@aws-sdk/*'], message: 'Only stores/ and aws/ call AWS.' });
  }
  return {
    files: [`handler/src/${folder}/**/*.ts`],
    ignores: ['**/*.test.ts', 'handler/src/features/faults/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
};

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'coverage/',
      'reports/',
      'handler/dist/',
      'handler/generated/',
      '.postern/',
      '**/node_modules/',
    ],
  },
  {
    files: ['handler/**/*.ts', 'scripts/**/*.ts', 'load-test/{lib,scenarios}/*.ts'],
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
    files: ['handler/src/environment.ts', 'scripts/**/*.ts', 'handler/test/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['scripts/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  ...layers.flatMap((folders, layer) => folders.map((folder) => mayNotImport(folder, layer))),
);
