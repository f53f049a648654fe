import { contractPart } from '../../../compiler/contract-part.ts';

export default contractPart({
  folder: 'sign-in/session',
  signIn: {
    type: 'object',
    additionalProperties: false,
    description:
      'A session token of Postern: `Authorization: Bearer`, or the cookie `__Host-session_token`.',
  },
  compile: ({ signsIn }) => {
    if (!signsIn) return () => ({});
    return ({ use }) => ({ signIn: use('sessionSignIn', 'sign-in.ts') });
  },
});
