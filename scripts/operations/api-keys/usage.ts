import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { spanOf } from '../../../handler/src/stores/quotas/period.ts';
import { columns } from '../../stack/command-line/columns.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { type Environment, spelledOut } from '../../stack/environments/environment.ts';
import { type Deployment, readDeployment } from '../../stack/terraform/deployment.ts';

/** What a consumer has used of a quota in a day or a month. */
export interface Usage {
  /** `2026-11-29`, or `2026-11`. */
  readonly period: string;
  /** Of a user who is no consumer: `user#` and the id. */
  readonly consumer: string;
  readonly plan: string;
  /** With the requests that execution environments have reserved. */
  readonly used: number;
  /** Null: the contract no longer has the plan, or the plan has no such quota. */
  readonly limit: number | null;
}

/** What is wrong with the plan of a new credential. A contract without plans refuses none. */
export const planWarning = (
  plan: string | undefined,
  plans: readonly string[],
): string | undefined =>
  plan === undefined || plans.length === 0 || plans.includes(plan)
    ? undefined
    : `The contract that is deployed has the plans ${plans.join(', ')}, and not "${plan}": requests get 403 PLAN_UNKNOWN until it has.`;

/** The usage in a deployed environment, of periods that begin with one of the texts. */
export const readUsage = async (
  environment: Environment,
  periods: readonly string[],
): Promise<readonly Usage[]> => {
  const { region, furtherTableNames, planQuotas } = await readDeployment(environment);
  const { usage: tableName } = furtherTableNames;
  if (tableName === undefined)
    throw new CommandError(
      `The contract that is deployed in ${environment.name} has no quota. Add one to a plan, such as "quota: { limit: 1000, period: day }", and deploy it: make deploy ${spelledOut(environment)}`,
    );
  const client = new DynamoDBClient(awsClientOptions(environment, region));
  return usageIn(client, tableName, { periods, planQuotas });
};

export const usageIn = async (
  client: DynamoDBClient,
  TableName: string,
  { periods, planQuotas }: { readonly periods: readonly string[] } & Pick<Deployment, 'planQuotas'>,
): Promise<readonly Usage[]> => {
  const pages = paginateScan(
    { client },
    {
      TableName,
      FilterExpression: periods.map((_, index) => `begins_with(usage_id, :p${index})`).join(' OR '),
      ExpressionAttributeValues: Object.fromEntries(
        periods.map((period, index) => [`:p${index}`, { S: period }]),
      ),
    },
  );
  const all: Usage[] = [];
  for await (const { Items: items = [] } of pages)
    for (const item of items) all.push(usageOf(unmarshall(item), planQuotas));
  return all.toSorted(byConsumer);
};

const usageOf = (item: Record<string, unknown>, planQuotas: Deployment['planQuotas']): Usage => {
  const [period = '', plan = '', ...consumer] = String(item['usage_id']).split('#');
  const quota = planQuotas[plan];
  const isOfPeriod = quota?.period === (period.length === 7 ? 'month' : 'day');
  return {
    period,
    consumer: consumer.join('#'),
    plan,
    used: Number(item['used']),
    limit: isOfPeriod ? (quota.limit ?? null) : null,
  };
};

const byConsumer = (a: Usage, b: Usage): number =>
  [a.consumer, a.plan, a.period].join('\n') < [b.consumer, b.plan, b.period].join('\n') ? -1 : 1;

/** PERIOD, or the present day and the present month, as the keys of the table begin. */
export const periodsFrom = (text: string | undefined, nowMs: number): readonly string[] => {
  if (text === undefined)
    return [`${spanOf('day', nowMs).name}#`, `${spanOf('month', nowMs).name}#`];
  const isMonth = /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (isMonth) return [text];
  if (isDay) return [`${text}#`];
  throw new CommandError(
    `PERIOD is "${text}"; it is a day, such as 2026-11-29, or a month, such as 2026-11.`,
  );
};

/** A table for a terminal. */
export const describeUsage = (usage: readonly Usage[]): string =>
  usage.length === 0
    ? 'Nothing was used of a quota.'
    : columns([
        ['CONSUMER', 'PLAN', 'PERIOD', 'USED', 'LIMIT', 'USED %'],
        ...usage.map(({ consumer, plan, period, used, limit }) => [
          consumer,
          plan,
          period,
          String(used),
          limit === null ? '-' : String(limit),
          limit === null ? '-' : String(Math.floor((100 * used) / limit)),
        ]),
      ]);

/** RFC 4180, with a header. */
export const usageAsCsv = (usage: readonly Usage[]): string =>
  [
    'consumer,plan,period,used,limit',
    ...usage.map(({ consumer, plan, period, used, limit }) =>
      [consumer, plan, period, used, limit ?? ''].map(field).join(','),
    ),
  ].join('\r\n');

const field = (value: string | number): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
