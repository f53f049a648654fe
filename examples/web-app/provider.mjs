// An OpenID provider for this machine, in place of Cognito: anybody signs in by any name, with any password.
// Everybody has the role user, and those whose name begins with admin have the role admin as well.
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [gateway, issuer = 'http://127.0.0.1:4650'] = process.argv.slice(2);
if (gateway === undefined) {
  console.error('Usage: npm run provider -- "$(npx postern url local)"');
  process.exit(1);
}
// On this name of the machine, browsers keep cookies that are Secure.
const origin = gateway.replace('127.0.0.1', 'localhost');
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const provider = new Provider(issuer, {
  jwks: {
    keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'local', alg: 'RS256', use: 'sig' }],
  },
  cookies: { keys: ['local'] },
  clients: [
    {
      client_id: 'web',
      client_secret: 'only-for-this-machine', // As in identity.tf.
      redirect_uris: [`${origin}/auth/callback`],
      post_logout_redirect_uris: [`${origin}/app/home`],
    },
  ],
  claims: { openid: ['sub', 'cognito:groups'] },
  conformIdTokenClaims: false,
  findAccount: (_, name) => ({
    accountId: name,
    claims: () => ({
      sub: name,
      'cognito:groups': name.startsWith('admin') ? ['user', 'admin'] : ['user'],
    }),
  }),
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
});

const { hostname, port } = new URL(issuer);
provider.listen(Number(port), hostname, () => console.log(`The page is at ${origin}/app/home`));
