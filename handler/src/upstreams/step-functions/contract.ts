import { literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import {
  acceptingErrors,
  bodyKey,
  templatesFor,
  upstreamOf,
} from '../../../compiler/message-keys.ts';
import {
  breakerKey,
  readBreaker,
  retriesKey,
  upstreamVariable,
} from '../../../compiler/upstream-keys.ts';
import type { UpstreamPolicy } from '../../contract.ts';

export default contractPart({
  folder: 'upstreams/step-functions',
  upstream: {
    stepFunctions: {
      type: 'object',
      additionalProperties: false,
      description:
        'The kind: a state machine of Step Functions, whose executions the requests start. Its ARN is the environment variable `UPSTREAM_<NAME>_ARN`. The response is 202 once the execution has started.',
      properties: {
        input: {
          ...bodyKey,
          description:
            'The input: a JSON value whose strings can have expressions. Absent: the body of the request, which must be JSON.',
        },
        name: {
          type: 'string',
          minLength: 1,
          description:
            'The name of the execution, which makes it safe to send a request again: a standard state machine starts no second execution of the same name and input. It can have expressions.',
          examples: ['$request.header.idempotency-key'],
        },
        sync: {
          type: 'boolean',
          default: false,
          description:
            'Whether the response waits for the execution and is its output. For Express state machines.',
        },
      },
    },
    retries: {
      ...retriesKey,
      description:
        'How often the execution is started again if it certainly has not started, or has a `name`; default 1.',
    },
    breaker: breakerKey,
  },
  compile: ({ upstreams, ...view }) => {
    if (upstreams.length === 0) return () => ({});
    const policies = upstreams.map(({ name, value, path }): UpstreamPolicy<'stepFunctions'> => {
      const { stepFunctions = {}, retries, breaker } = value;
      const templates = templatesFor(name, view);
      const at = (key: string) => [...path, 'stepFunctions', key];
      return {
        kind: 'stepFunctions',
        name,
        arnVariable: upstreamVariable(name, 'ARN'),
        input: templates.json(stepFunctions.input, at('input')),
        executionName: templates.text(stepFunctions.name, at('name')),
        isSync: stepFunctions.sync ?? false,
        retries: retries ?? 1,
        breaker: readBreaker(breaker, path, view.report),
      };
    });
    const synchronous = new Set(policies.flatMap(({ name, isSync }) => (isSync ? [name] : [])));
    const own = view.routes.filter(({ plan }) => plan.target.kind === 'stepFunctions');
    const forwarded = new Set(own.map(({ plan }) => plan.id));
    return ({ use }) => ({
      upstreamKind: use('stepFunctionsUpstreams', 'step-functions-upstreams.ts'),
      permissions: own.map((route) => {
        const upstream = upstreamOf(route) ?? '';
        return {
          upstream,
          actions: [
            synchronous.has(upstream) ? 'states:StartSyncExecution' : 'states:StartExecution',
          ],
        };
      }),
      responses: (id) => (forwarded.has(id) ? { errors: acceptingErrors } : {}),
      upstreams: Object.fromEntries(policies.map((policy) => [policy.name, literal(policy)])),
    });
  },
});
