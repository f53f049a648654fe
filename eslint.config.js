import tseslint from 'typescript-eslint';

/**
 * The arrows of the design: data goes downhill.
 * index -> gateway -> middlewares -> sessions, rate-limits, upstreams, contract -> http
 */
const rank = {
  http: 0,
  memory: 0,
  telemetry: 1,
  aws: 1,
  contract: 1,
  sessions: 2,
  'rate-limits': 2,
  'trusted-proxy': 2,
  upstreams: 2,
  'built-in': 3,
  faults: 3,
  middlewares: 4,
};

const mayNotImport = (folder) => {
  const forbidden = Object.keys(rank).filter(
    (other) => other !== folder && rank[other] >= rank[folder],
  );
  const patterns = [
    ...forbidden.map((other) => ({
      group: [`../${other}/*`],
      message: `${folder}/ may not import ${other}/: data goes downhill (see CONTRIBUTING.md).`,
    })),
    {
      group: ['../*.ts', '!../exchange.ts'],
      message: 'Only index.ts and gateway.ts put the pieces together.',
    },
  ];
  if (folder === 'middlewares') {
    patterns.push(
      {
        group: ['./*', '!./middleware.ts'],
        message: 'A middleware never imports another middleware.',
      },
      { group: ['@aws-sdk/*'], message: 'A middleware never imports the AWS SDK.' },
    );
  }
  return {
    files: [`handler/src/${folder}/**/*.ts`],
    ignores: ['**/*.test.ts'],
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
  ...Object.keys(rank).map(mayNotImport),
);
