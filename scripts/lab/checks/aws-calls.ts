import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { groupBy } from '../../../handler/compiler/group-by.ts';
import type { Compilation } from '../../../handler/compiler/compile-contract.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';

/** An action on a resource, such as `dynamodb:GetItem store sessions`. */
export type AwsCall = string;

/** From here, the generated modules find the handler's sources by the path that `compileFiles` gives them. */
const generatedFolder = join(projectFolder, 'handler/generated');

/** The settings that name a resource, each with the resource by its role. */
const resources: Readonly<Record<string, string>> = {
  GATEWAY_CACHE_TABLE_NAME: 'store cache',
  GATEWAY_CREDENTIALS_TABLE_NAME: 'store credentials',
  GATEWAY_IDEMPOTENCY_TABLE_NAME: 'store idempotency',
  GATEWAY_RATELIMIT_TABLE_NAME: 'store rate-limits',
  GATEWAY_SESSION_TABLE_NAME: 'store sessions',
  GATEWAY_TRAFFIC_TABLE_NAME: 'store traffic',
  GATEWAY_USAGE_TABLE_NAME: 'store usage',
  GATEWAY_TOKEN_SIGNING_SECRET_ARN: 'secret signing',
  valueVariable: 'value', // Which one is only known in the contract.
  arnVariable: 'upstream',
};

/** The calls of the clients that the gateway's parts are given, each with what finds it. */
const calls: ReadonlyArray<readonly [pattern: RegExp, setting: RegExp, action: string]> = [
  [/\bdynamoDb\s*\.getItem\(/, /\bGATEWAY_\w+_TABLE_NAME\b/g, 'dynamodb:GetItem'],
  [/\bdynamoDb\s*\.updateItem\(/, /\bGATEWAY_\w+_TABLE_NAME\b/g, 'dynamodb:UpdateItem'],
  [
    /\bsecrets\s*\.getSecretString\(/,
    /\bGATEWAY_\w+_SECRET_ARN\b|\bvalueVariable\b/g,
    'secretsmanager:GetSecretValue',
  ],
  [/\bawsService\(\s*\{\s*service: ['"]lambda['"]/, /\barnVariable\b/g, 'lambda:InvokeFunction'],
  [/['"]AmazonSQS\.SendMessage['"]/, /\barnVariable\b/g, 'sqs:SendMessage'],
  [/\bAction: ['"]Publish['"]/, /\barnVariable\b/g, 'sns:Publish'],
  [/['"]AWSEvents\.PutEvents['"]/, /\barnVariable\b/g, 'events:PutEvents'],
  [/['"]StartExecution['"]/, /\barnVariable\b/g, 'states:StartExecution'],
  [/['"]StartSyncExecution['"]/, /\barnVariable\b/g, 'states:StartSyncExecution'],
  // For `presign`, no call of the gateway's own: who gets the presigned URL makes it, with the permissions of the role.
  [/\b(?:presign|callS3)\(\{\s*method: [^,]*['"]GET['"]/, /\barnVariable\b/g, 's3:GetObject'],
  [/\b(?:presign|callS3)\(\{\s*method: [^,]*['"]PUT['"]/, /\barnVariable\b/g, 's3:PutObject'],
];

/** Code that opens a service makes one of the calls. The others are methods of clients, and there are no other methods. */
const opensService = /\bawsService\(/;

export const makesCalls = (code: string): boolean =>
  opensService.test(code) || calls.some(([pattern]) => pattern.test(code));

/**
 * What the code of a contract can do on AWS, found in the code itself: in the bundle of its modules, a folder's calls
 * are on the resources that the folder's settings name.
 */
export const callsIn = (modules: readonly BundledModule[]): ReadonlySet<AwsCall> => {
  const byFolder = groupBy(modules, ({ file }) => dirname(file));
  return new Set(
    [...byFolder].flatMap(([folder, inFolder]) => {
      const code = inFolder.map((module) => module.code).join('\n');
      const made = calls.filter(([pattern]) => pattern.test(code));
      if (made.length === 0 && opensService.test(code))
        throw new TypeError(`${folder}: which action of the service? Add it to the calls.`);
      return made.flatMap(([, setting, action]) => {
        const settings = new Set(code.match(setting));
        if (settings.size === 0) throw new TypeError(`${folder}: ${action} on which resource?`);
        return [...settings].map((name) => `${action} ${resources[name] ?? name}`);
      });
    }),
  );
};

/** A module of the handler, as far as a contract's code uses it. */
export interface BundledModule {
  readonly file: string;
  readonly code: string;
}

export const bundledModules = async ({
  modules,
}: Compilation & { readonly ok: true }): Promise<readonly BundledModule[]> => {
  const { outputFiles } = await build({
    stdin: { contents: modules['contract.js'] ?? '', resolveDir: generatedFolder },
    absWorkingDir: projectFolder,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    packages: 'external',
    logLevel: 'error',
    plugins: [
      {
        name: 'generated modules',
        setup: (builder) => {
          builder.onResolve({ filter: /^\.\/[\w.-]+$/ }, ({ path, resolveDir }) =>
            resolveDir === generatedFolder ? { path, namespace: 'generated' } : undefined,
          );
          // What is missing is code of a project: a plugin has permissions of the project's own.
          builder.onLoad({ filter: /./, namespace: 'generated' }, ({ path }) => ({
            contents: modules[path.slice(2)] ?? 'module.exports = {};',
            resolveDir: generatedFolder,
          }));
        },
      },
    ],
  });
  const text = outputFiles[0]?.text ?? '';
  const [, ...parts] = text.split(/^\/\/ (handler\/src\/\S+)$/m);
  return parts.flatMap((file, index) =>
    index % 2 === 0 ? [{ file, code: parts[index + 1] ?? '' }] : [],
  );
};
