import awsLambdaFastify from '@fastify/aws-lambda';
import httpProxy from '@fastify/http-proxy';
import fastifyJwt from '@fastify/jwt';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { withinLimit } from './shared/rate-limit.ts';
import { readSession, type Session } from './shared/sessions.ts';
import { settings } from './shared/settings.ts';
import { signingSecret } from './shared/signing-secret.ts';

declare module 'fastify' {
  interface FastifyRequest {
    session?: Session;
  }
}

const app = fastify({
  logger: true,
  disableRequestLogging: true,
  requestIdHeader: 'x-request-id',
  bodyLimit: 10 * 1024 * 1024,
});
app.decorateRequest('session', undefined);
app.register(fastifyJwt, {
  secret: async () => signingSecret,
  verify: { algorithms: ['HS256'] },
});

app.addHook('onResponse', async (request, reply) => {
  request.log.info(
    {
      correlation_id: request.id,
      user_id: request.session?.userId,
      method: request.method,
      path: request.url,
      status_code: reply.statusCode,
      duration_ms: reply.elapsedTime,
    },
    'request',
  );
});

const signedInAs =
  (role: (request: FastifyRequest) => string) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const claims = await request.jwtVerify<{ sid: string }>().catch(() => undefined);
    request.session = claims && (await readSession(claims.sid));
    if (!request.session) return reply.code(401).send({ message: 'Sign-in is required' });
    if (!(await withinLimit(request.session.userId))) {
      return reply.code(429).send({ message: 'Too many requests' });
    }
    if (request.session.roles.includes(role(request))) return undefined;
    return reply.code(403).send({ message: 'Not allowed' });
  };

const forward = (prefix: string, upstream: string) =>
  app.register(httpProxy, {
    prefix,
    rewritePrefix: prefix,
    upstream,
    httpMethods: ['GET', 'POST', 'PUT'],
    disableRequestLogging: true,
    preHandler: signedInAs(({ method }) => (method === 'GET' ? 'user' : 'admin')),
    replyOptions: {
      rewriteRequestHeaders: ({ id, session }, { authorization: _, ...headers }) => ({
        ...headers,
        'x-user-id': session?.userId,
        'x-user-roles': session?.roles.join(','),
        'x-request-id': id,
      }),
    },
  });

forward('/api/v1/users', settings.usersUrl);
forward('/api/v1/products', settings.productsUrl);

const respond = awsLambdaFastify(app, {
  binaryMimeTypes: ['application/octet-stream'],
  decorateRequest: false,
});
void app.ready();

export const handler = respond;
