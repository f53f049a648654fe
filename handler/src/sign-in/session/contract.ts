import { contractPart } from '../../../compiler/contract-part.ts';
import { safeMethods } from '../../http/safe-methods.ts';

const errors = [
  'CREDENTIALS_MISSING',
  'CREDENTIALS_INVALID',
  'CREDENTIALS_EXPIRED',
  'SESSION_STORE_UNAVAILABLE',
  'SIGNING_KEY_UNAVAILABLE',
] as const;

export default contractPart({
  folder: 'sign-in/session',
  signIn: {
    type: 'object',
    additionalProperties: false,
    description:
      'A session token of Postern: `Authorization: Bearer`, or the cookie `__Host-session_token`.',
  },
  compile: ({ schemes, routes, signsIn, warn }) => {
    for (const { path, definition } of schemes) {
      const { type, scheme } = definition;
      if (type !== 'http' || typeof scheme !== 'string' || /^bearer$/i.test(scheme)) continue;
      const message = `a session token is sent as "Authorization: Bearer" or in a cookie, and never by the scheme "${scheme}"`;
      warn(path, message, 'key');
    }
    if (!signsIn) return () => ({});
    const signedIn = new Map(
      routes.flatMap(({ plan: { id, method, access } }) =>
        access.kind !== 'public' && access.alternatives.some(({ session }) => session !== undefined)
          ? [[id, method] as const]
          : [],
      ),
    );
    return ({ use, useStore }) => ({
      signIn: use('sessionSignIn', 'sign-in.ts'),
      stores: { sessions: useStore('dynamoDbSessions', 'sessions/dynamodb-sessions.ts') },
      permissions: [
        { store: 'sessions', actions: ['dynamodb:GetItem'] },
        { secret: 'signing', actions: ['secretsmanager:GetSecretValue'] },
      ],
      responses: (id) => {
        const method = signedIn.get(id);
        if (method === undefined) return {};
        return { errors: safeMethods.has(method) ? errors : [...errors, 'CROSS_SITE_REQUEST'] };
      },
    });
  },
});
