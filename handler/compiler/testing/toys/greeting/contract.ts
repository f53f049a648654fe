import { contractPart } from '../../../compiler/contract-part.ts';

export default contractPart({
  folder: 'features/greeting',
  route: {
    greeting: {
      type: 'object',
      additionalProperties: false,
      required: ['text'],
      properties: {
        text: { type: 'string', maxLength: 40, description: 'The value of `X-Greeting`.' },
      },
      description: 'A header that every response of the route has.',
    },
  },
  compile: ({ operations, nearest, report }) => {
    const texts = new Map<string, string>();
    for (const operation of operations) {
      const { value, path = [] } = nearest(operation, 'greeting') ?? {};
      if (value?.text === undefined) continue;
      if (/[^ -~]/.test(value.text)) report([...path, 'text'], '"text" can only be ASCII');
      texts.set(operation.id, value.text);
    }
    if (texts.size === 0) return () => ({});
    return ({ use }) => ({
      feature: use('greeting', 'greeting.ts'),
      route: (id) => (texts.has(id) ? { greeting: JSON.stringify(texts.get(id)) } : {}),
    });
  },
});
