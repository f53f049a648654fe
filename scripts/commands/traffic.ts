import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TrafficWeights } from '../../handler/src/stores/traffic/traffic-store.ts';
import { servingRoutes } from '../operations/contract/serving-routes.ts';
import { ringingAlarms } from '../operations/guard/ringing-alarms.ts';
import { interrupts, Stopped } from '../operations/guard/watch.ts';
import { originOf } from '../operations/release/evidence.ts';
import { readReleaseOutputs } from '../operations/release/release-outputs.ts';
import { changeAtOnce, changeWatched, goBack } from '../operations/traffic/change-traffic.ts';
import { describeTraffic, listedTraffic } from '../operations/traffic/describe-traffic.ts';
import {
  readTrafficRequest,
  type TrafficRequest,
} from '../operations/traffic/traffic-arguments.ts';
import {
  chosenRoutes,
  type SplitRoute,
  splitRoutes,
  withWeights,
} from '../operations/traffic/traffic-lists.ts';
import { type TrafficTable, trafficTable } from '../operations/traffic/traffic-table.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { asTyped } from '../stack/command-line/as-typed.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { note, step } from '../stack/command-line/step.ts';
import { awsClientOptions } from '../stack/environments/aws-client.ts';
import { confirm } from '../stack/environments/confirm.ts';
import type { Environment } from '../stack/environments/environment.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

/** Shows and changes the weights of several upstreams. Nothing is deployed. */
await environmentCommand('traffic', async (environment, args) => {
  const request = readTrafficRequest(args, environment.local !== undefined);
  const { region, furtherTableNames } = await readDeployment(environment);
  const routes = splitRoutes((await servingRoutes(environment)) ?? []);
  const tableName = furtherTableNames['traffic'];
  if (tableName === undefined || routes.length === 0)
    throw new CommandError(
      `No route of ${environment.name} has several upstreams. Write upstream: [{ name: users, weight: 90 }, { name: users-next, weight: 10 }] to one, and deploy it.`,
    );
  const table = trafficTable(new DynamoDBClient(awsClientOptions(environment, region)), tableName);
  if (request.kind !== 'show') await confirm(environment, 'change the weights of upstreams of');
  const stopped = await carryOut(request, { environment, region, routes, table });
  if (stopped !== undefined) console.error(`\nThe change is undone. ${stopped.message}\n`);
  const traffic = await table.read();
  console.log(
    flag(args.JSON, 'JSON')
      ? JSON.stringify(listedTraffic(routes, traffic.weights), undefined, 2)
      : asTyped(describeTraffic(routes, traffic)),
  );
  return stopped === undefined ? 0 : 1;
});

interface Place {
  readonly environment: Environment;
  readonly region: string;
  readonly routes: readonly SplitRoute[];
  readonly table: TrafficTable;
}

/** Returns what has stopped a watched change, which is undone then. */
async function carryOut(
  request: TrafficRequest,
  { environment, region, routes, table }: Place,
): Promise<Stopped | undefined> {
  if (request.kind === 'show') return undefined;
  if (request.kind === 'back') {
    const { what, at } = await goBack(table);
    note(`undone: ${what}, ${at}`);
    return undefined;
  }
  const { who } = await originOf(environment, region);
  const change = { table, who, now: Date.now };
  if (request.kind === 'reset') {
    await changeAtOnce({ ...change, what: 'RESET=1', next: () => ({}) });
    return undefined;
  }
  const { to, route, pauseSeconds } = request;
  const chosen = chosenRoutes(routes, request);
  const { alarmNames } = await readReleaseOutputs(environment);
  if (alarmNames.length === 0) note('there are no alarms to watch');
  const weights = Object.entries(to).map((pair) => pair.join('='));
  const suffix = route === undefined ? '' : ` ROUTE='${route}'`;
  const watched = {
    ...change,
    what: `TO=${weights.join(',')}${suffix}`,
    next: (set: TrafficWeights) => withWeights(set, chosen, to, route !== undefined),
    pauseSeconds,
    ringing: ringingAlarms(environment, region, alarmNames),
    interrupted: interrupts(),
    note,
  };
  try {
    await step(`watch ${alarmNames.length} alarms for ${pauseSeconds} s`, () =>
      changeWatched(watched),
    );
    return undefined;
  } catch (error) {
    if (error instanceof Stopped) return error;
    throw error;
  }
}
