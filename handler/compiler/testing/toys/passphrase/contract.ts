import { contractPart } from '../../../compiler/contract-part.ts';

export default contractPart({
  folder: 'sign-in/passphrase',
  signIn: {
    type: 'object',
    additionalProperties: false,
    required: ['words'],
    properties: {
      words: { type: 'integer', minimum: 1, examples: ['3'], description: 'How many it has.' },
    },
    examples: ['{ words: 3 }'],
    description: 'Words in the header `X-Passphrase`.',
  },
  compile: ({ schemes, signsIn, report }) => {
    const [first, ...others] = schemes;
    for (const { path } of others) report(path, 'one passphrase is enough for a contract', 'key');
    if (!signsIn) return () => ({});
    return ({ use }) => ({
      signIn: `${use('passphrase', 'passphrase.ts')}(${first?.value.words ?? 1})`,
    });
  },
});
