import { emitAwsUpstreams, readAwsUpstream } from '../../../compiler/aws-upstreams.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import { acceptingErrors, bodyKey, templatesFor } from '../../../compiler/message-keys.ts';
import { breakerKey, retriesKey } from '../../../compiler/upstream-keys.ts';
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
        errors: {
          type: 'object',
          additionalProperties: { type: 'integer', minimum: 400, maximum: 599 },
          description:
            'With `sync: true`: statuses by the names of errors that an execution may end with. The response has the name, and no cause.',
          examples: ['{ OutOfStock: 409 }'],
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
    const policies = upstreams.map((upstream): UpstreamPolicy<'stepFunctions'> => {
      const { name, value, path } = upstream;
      const { stepFunctions = {} } = value;
      const templates = templatesFor(name, view);
      const at = (key: string) => [...path, 'stepFunctions', key];
      if (stepFunctions.errors !== undefined && stepFunctions.sync !== true)
        view.report(
          at('errors'),
          '"errors" is for "sync: true": otherwise the response does not wait for the execution',
          'key',
        );
      return {
        kind: 'stepFunctions',
        ...readAwsUpstream(upstream, view.report),
        input: templates.json(stepFunctions.input, at('input')),
        executionName: templates.text(stepFunctions.name, at('name')),
        isSync: stepFunctions.sync ?? false,
        errors: statusesOf(stepFunctions.errors ?? {}),
      };
    });
    return ({ use }) => ({
      upstreamKind: use('stepFunctionsUpstreams', 'step-functions-upstreams.ts'),
      ...emitAwsUpstreams(policies, view, {
        actionOf: ({ isSync }) => (isSync ? 'states:StartSyncExecution' : 'states:StartExecution'),
        errors: acceptingErrors,
      }),
    });
  },
});

const statusesOf = (errors: Readonly<Record<string, number | undefined>>) =>
  Object.fromEntries(
    Object.entries(errors).flatMap(([name, status]) =>
      status === undefined ? [] : [[name, status]],
    ),
  ) as Readonly<Record<string, number>>;
