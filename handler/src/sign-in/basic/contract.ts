import { contractPart } from '../../../compiler/contract-part.ts';

const errors = [
  'CREDENTIALS_MISSING',
  'CREDENTIALS_INVALID',
  'CREDENTIALS_EXPIRED',
  'CROSS_SITE_REQUEST',
  'RATE_LIMITED',
  'CREDENTIAL_STORE_UNAVAILABLE',
] as const;

export default contractPart({
  folder: 'sign-in/basic',
  signIn: {
    type: 'object',
    additionalProperties: false,
    description: 'Consumers with a user name and a password: `Authorization: Basic` (RFC 7617).',
  },
  compile: ({ schemes, routes, signsIn, warn }) => {
    for (const { path, definition } of schemes) {
      const { type, scheme } = definition;
      if (type === 'http' && String(scheme).toLowerCase() === 'basic') continue;
      const message = 'a password is sent as "Authorization: Basic": type http, scheme basic';
      warn(path, message, 'key');
    }
    if (!signsIn) return () => ({});
    const signedIn = new Set(
      routes.flatMap(({ plan: { id, access } }) =>
        access.kind === 'signed-in' && access.alternatives.some(({ basic }) => basic !== undefined)
          ? [id]
          : [],
      ),
    );
    return ({ use, useStore }) => ({
      signIn: use('basicSignIn', 'basic-sign-in.ts'),
      feature: use('withoutPassword', 'without-password.ts'),
      stores: {
        credentials: useStore('dynamoDbCredentials', 'credentials/dynamodb-credentials.ts'),
      },
      permissions: [{ store: 'credentials', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] }],
      responses: (id) => (signedIn.has(id) ? { errors } : {}),
    });
  },
});
