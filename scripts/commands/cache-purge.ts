import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describePurge, purgeCache, readPurge } from '../operations/cache/purge-cache.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { awsClientOptions } from '../stack/environments/aws-client.ts';
import { confirm } from '../stack/environments/confirm.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

await environmentCommand('cache-purge', async (environment, args) => {
  const paths = readPurge(args);
  const { region, furtherTableNames } = await readDeployment(environment);
  const { cache: tableName } = furtherTableNames;
  if (tableName === undefined)
    throw new CommandError(
      `No route of ${environment.name} has a cache. To have one: docs/cache.md`,
    );
  if (paths.path === undefined)
    await confirm(
      environment,
      `purge ${paths.prefix === undefined ? 'everything' : `all below ${paths.prefix}`} from the cache of`,
      'destruction',
    );
  await purgeCache(new DynamoDBClient(awsClientOptions(environment, region)), tableName, paths);
  console.log(`${describePurge(paths)} are purged everywhere within 10 seconds.`);
});
