import { portOf, services } from '../demo-upstreams/services.ts';
import { readDeployment } from '../terraform/deployment.ts';
import type { Check } from './check.ts';
import { jestCheck } from './jest-check.ts';
import { leftoversCheck } from './leftovers-check.ts';
import { scriptCheck } from './program-check.ts';
import { interruptedDeployCheck, killedCloudCheck } from './recovery-checks.ts';
import { stateLockCheck } from './state-lock-check.ts';
import type { TestStack } from './test-stack.ts';

/** What only a deployed stack can show, in the order of its life. */
export const stackChecks = (stack: TestStack): readonly Check[] => {
  const { variables } = stack;
  return [
    interruptedDeployCheck(stack),
    integrationCheck(stack),
    scriptCheck('plan has no changes after a deploy', 'plan.ts', variables),
    stateLockCheck(stack),
    scriptCheck('load test: smoke', 'loadtest.ts', { ...variables, SCENARIO: 'smoke' }),
    killedCloudCheck(stack),
    leftoversCheck(stack),
    scriptCheck('destroy stops the local cloud', 'destroy.ts', variables),
  ];
};

/** The integration tests know the stack by these variables, and reach AWS as any client does. */
const integrationCheck = ({ environment, variables }: TestStack): Check => ({
  name: 'integration tests',
  run: async () => {
    const { local } = environment;
    const deployment = await readDeployment(environment);
    const upstreams = Object.fromEntries(
      Object.keys(services).map((name) => [name, `http://127.0.0.1:${portOf(name, local.port)}`]),
    );
    return jestCheck('', ['--selectProjects', 'integration', '--runInBand'], {
      ...variables,
      ...environment.variables,
      AWS_REGION: deployment.region,
      POSTERN_TEST_BASE_URL: deployment.baseUrl,
      POSTERN_TEST_DEPLOYMENT: JSON.stringify(deployment),
      POSTERN_TEST_UPSTREAMS: JSON.stringify(upstreams),
    }).run();
  },
});
