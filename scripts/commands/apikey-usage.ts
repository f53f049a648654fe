import { consumerFrom } from '../operations/api-keys/api-key-arguments.ts';
import { describeUsage, periodsFrom, readUsage, usageAsCsv } from '../operations/api-keys/usage.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

await environmentCommand('apikey-usage', async (environment, args) => {
  const consumer = args.CONSUMER === undefined ? undefined : consumerFrom(args.CONSUMER);
  const all = await readUsage(environment, periodsFrom(args.PERIOD, Date.now()));
  const usage = all.filter((each) => consumer === undefined || each.consumer === consumer);
  if (flag(args.JSON, 'JSON')) console.log(JSON.stringify(usage, undefined, 2));
  else console.log(flag(args.CSV, 'CSV') ? usageAsCsv(usage) : describeUsage(usage));
});
