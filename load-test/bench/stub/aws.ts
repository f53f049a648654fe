import { refuseWith } from '../../../handler/testing/fake-aws/behaviors.ts';
import { startFakeAws } from '../../../handler/testing/fake-aws/fake-aws.ts';
import { signatureProblem } from '../../../handler/testing/fake-aws/signature.ts';
import type { Fixture } from '../fixture.ts';
import { jsonOf } from './bodies.ts';

export interface StubReport {
  /** Calls by operation, refused ones among them. */
  readonly calls: Readonly<Record<string, number>>;
  /** Requests that AWS itself would have refused. */
  readonly refusals: readonly string[];
}

/** The fake AWS, with every signature verified, so that no candidate does less than AWS requires. */
export const startBenchAws = async (fixture: Fixture) => {
  const { sessionTable, rateLimitTable, secretArn, secret, sessions } = fixture;
  const { proxySecretArn, proxySecret, functionArn } = fixture;
  let calls: Record<string, number> = {};
  let refusals: string[] = [];
  const aws = await startFakeAws({
    tables: { [sessionTable]: 'session_id', [rateLimitTable]: 'rate_limit_key' },
    secrets: { [secretArn]: secret, [proxySecretArn]: JSON.stringify([proxySecret]) },
    keepsRequests: false,
    onRefusal: (message) => refusals.push(message),
  });
  for (const item of sessions) aws.dynamoDb.putItem(sessionTable, item);
  aws.functions.set(functionArn, respondAsFunction);
  aws.behave((response, request) => {
    const name = request.target.split('.')[1] ?? request.target;
    calls[name] = (calls[name] ?? 0) + 1;
    const problem = signatureProblem(request);
    if (problem === undefined) return aws.sound(response, request);
    refusals.push(problem);
    return refuseWith('InvalidSignatureException', { message: problem })(response, request);
  });

  const takeReport = (): StubReport => {
    const report = { calls, refusals };
    calls = {};
    refusals = [];
    // Everyone starts with empty buckets, however long the run has been.
    aws.dynamoDb.clear(rateLimitTable);
    return report;
  };
  return { port: Number(aws.endpoint.port), takeReport };
};

/** As the upstream: `t1024` at the end of the path is 1,024 bytes of JSON. */
const respondAsFunction = (event: unknown): object => {
  const { rawPath } = event as { readonly rawPath: string };
  const [, bytes = '0'] = /\/t(\d{1,8})$/.exec(rawPath) ?? [];
  const headers = { 'content-type': 'application/json' };
  return { statusCode: 200, headers, body: jsonOf(Number(bytes)).toString() };
};
