import {
  CreateDeploymentCommand,
  GetDeploymentCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import { describe, expect, it } from '@jest/globals';
import { liveAlias } from './live-alias.ts';
import { shiftByCodeDeploy, stopDeployments } from './shift-by-codedeploy.ts';
import { fakeAlias } from './testing/fake-alias.ts';

const codeDeployWith = (...statuses: string[]) => {
  const sent: unknown[] = [];
  const send = async (command: { input: unknown }) => {
    if (!(command instanceof GetDeploymentCommand)) sent.push(command.input);
    if (command instanceof CreateDeploymentCommand) return { deploymentId: 'd-1' };
    if (command instanceof ListDeploymentsCommand) return { deployments: ['d-1'] };
    if (command instanceof StopDeploymentCommand) return {};
    const status = statuses.shift();
    return {
      deploymentInfo: {
        status,
        ...(status === 'Failed' && { errorInformation: { message: 'an alarm rang' } }),
      },
    };
  };
  return { sent, send: send as never };
};

const release = async (
  codeDeploy: ReturnType<typeof codeDeployWith>,
  watch = async () => ({ requests: 11 }) as Record<string, number>,
) => {
  const fake = fakeAlias({ FunctionVersion: '7', Description: 'Serves requests' });
  const alias = liveAlias(fake.lambda, 'gateway', 'live');
  const from = await alias.read();
  const parts = { codeDeploy, name: 'postern-prod', functionName: 'gateway', aliasName: 'live' };
  return {
    fake,
    result: await shiftByCodeDeploy({ ...parts, alias, from, version: '8', watch }).catch(
      (error: unknown) => error,
    ),
  };
};

describe('shiftByCodeDeploy', () => {
  it('names the alias and both versions, waits, and notes who served before', async () => {
    const codeDeploy = codeDeployWith('Created', 'InProgress', 'Succeeded');
    const { fake, result } = await release(codeDeploy);
    expect(result).toEqual({ requests: 11 });
    const [{ revision, ...target }] = codeDeploy.sent as [
      { revision: { appSpecContent: { content: string } } },
    ];
    expect(target).toEqual({
      applicationName: 'postern-prod',
      deploymentGroupName: 'postern-prod',
    });
    expect(JSON.parse(revision.appSpecContent.content)).toEqual({
      version: 0,
      Resources: [
        {
          gateway: {
            Type: 'AWS::Lambda::Function',
            Properties: { Name: 'gateway', Alias: 'live', CurrentVersion: '7', TargetVersion: '8' },
          },
        },
      ],
    });
    expect(fake.now()).toMatchObject({
      FunctionVersion: '8',
      Description: 'Serves requests; served before: 7',
    });
  });

  it('passes on why CodeDeploy rolled back', async () => {
    const { fake, result } = await release(codeDeployWith('InProgress', 'Failed'));
    expect(result).toMatchObject({ by: 'alarm', message: 'CodeDeploy rolled back: an alarm rang' });
    expect(fake.moves).toEqual([]);
  });

  it('has CodeDeploy move the traffic back where the smoke run fails', async () => {
    const codeDeploy = codeDeployWith('InProgress');
    const failure = new Error('The smoke run crossed checks rate==1.');
    const { result } = await release(codeDeploy, () => Promise.reject(failure));
    expect(result).toBe(failure);
    expect(codeDeploy.sent.at(-1)).toEqual({ deploymentId: 'd-1', autoRollbackEnabled: true });
  });
});

describe('stopDeployments', () => {
  it('stops what is under way, and has the traffic moved back', async () => {
    const codeDeploy = codeDeployWith();
    expect(await stopDeployments(codeDeploy, 'postern-prod')).toBe(1);
    expect(codeDeploy.sent.at(-1)).toEqual({ deploymentId: 'd-1', autoRollbackEnabled: true });
  });
});
