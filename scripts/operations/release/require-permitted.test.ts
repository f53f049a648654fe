import { describe, expect, it } from '@jest/globals';
import { judgePermissions } from './require-permitted.ts';

const needed = [
  {
    upstream: 'exports',
    actions: ['sqs:SendMessage'],
    resource: 'arn:aws:sqs:us-east-1:123456789012:exports',
  },
];

/** IAM with one result for each simulation; the last one stays. */
const iam = (...results: readonly object[]) => {
  const asked: unknown[] = [];
  return {
    asked,
    send: async ({ input }: { readonly input: unknown }) => {
      asked.push(input);
      const result = results[Math.min(asked.length, results.length) - 1];
      if (result instanceof Error) throw result;
      return { EvaluationResults: [{ EvalActionName: 'sqs:SendMessage', ...result }] };
    },
  };
};

const judge = (given: ReturnType<typeof iam>) =>
  judgePermissions(given as never, {
    roleArn: 'arn:aws:iam::123456789012:role/postern-dev',
    needed,
    where: 'dev.tfvars: upstream_service_urls',
    pauseMs: 1,
  });

const allowed = { EvalDecision: 'allowed' };
const denied = { EvalDecision: 'implicitDeny' };

describe('what the role of the function needs at its upstreams', () => {
  it('is simulated for the role, by action and resource', async () => {
    const given = iam(allowed);
    await expect(judge(given)).resolves.toBeUndefined();
    expect(given.asked).toEqual([
      {
        PolicySourceArn: 'arn:aws:iam::123456789012:role/postern-dev',
        ActionNames: ['sqs:SendMessage'],
        ResourceArns: ['arn:aws:sqs:us-east-1:123456789012:exports'],
      },
    ]);
  });

  it('may be denied for the moments that IAM needs to take over a policy', async () => {
    const given = iam(denied, denied, allowed);
    await expect(judge(given)).resolves.toBeUndefined();
    expect(given.asked).toHaveLength(3);
  });

  it.each([
    [denied, 'no policy of the role allows it'],
    [
      { ...denied, PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
      'add the ARN to upstream_arns',
    ],
    [
      { ...denied, OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
      'a policy of the organization denies it',
    ],
  ])('stops the deploy before traffic if it is denied for good', async (result, why) => {
    const failing = judge(iam(result));
    await expect(failing).rejects.toThrow('No request reaches the new version yet.');
    await expect(judge(iam(result))).rejects.toThrow(
      `exports: sqs:SendMessage on arn:aws:sqs:us-east-1:123456789012:exports: `,
    );
    await expect(judge(iam(result))).rejects.toThrow(why);
  });

  it('is left to the first request where the deployer may not simulate', async () => {
    const refusal = Object.assign(new Error('no'), { name: 'AccessDenied' });
    await expect(judge(iam(refusal))).resolves.toBeUndefined();
  });
});
