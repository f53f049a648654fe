import { literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';

export default contractPart({
  folder: 'upstreams/echo',
  upstream: {
    echo: {
      type: 'object',
      additionalProperties: false,
      required: ['status'],
      properties: {
        status: { type: 'integer', minimum: 200, maximum: 599, description: 'Of each response.' },
      },
      description: 'The kind: a response that repeats the request.',
    },
  },
  route: {
    echoes: {
      type: 'integer',
      minimum: 1,
      description: 'How often the path is repeated; default 1.',
    },
  },
  target: ({ path }, nearest, report) => {
    const echoes = nearest('echoes');
    if (echoes !== undefined && path.length * echoes.value > 1_000)
      report(echoes.path, 'the echoes of the path have more than 1000 characters');
    return { echoes: echoes?.value ?? 1 };
  },
  compile: ({ upstreams }) => {
    if (upstreams.length === 0) return () => ({});
    return ({ use }) => ({
      upstreamKind: use('echoUpstreams', 'echo-upstreams.ts'),
      upstreams: Object.fromEntries(
        upstreams.map(({ name, value }) => [
          name,
          literal({ kind: 'echo', name, status: value.echo?.status }),
        ]),
      ),
    });
  },
});
