import serverlessExpress from '@codegenie/serverless-express';
import express, { type NextFunction, type Request, type Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import jwt from 'jsonwebtoken';
import { Agent } from 'node:http';
import { pino } from 'pino';
import { withinLimit } from './shared/rate-limit.ts';
import { readSession } from './shared/sessions.ts';
import { settings } from './shared/settings.ts';
import { signingSecret } from './shared/signing-secret.ts';

const app = express();
const logger = pino();

app.use((request, response, next) => {
  const startedAt = performance.now();
  response.on('finish', () => {
    logger.info(
      {
        correlation_id: serverlessExpress.getCurrentInvoke().event.requestContext.requestId,
        user_id: response.locals['session']?.userId,
        method: request.method,
        path: request.originalUrl,
        status_code: response.statusCode,
        duration_ms: performance.now() - startedAt,
      },
      'request',
    );
  });
  next();
});

app.use(async (request, response, next) => {
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
  const secret = await signingSecret;
  try {
    const claims = jwt.verify(token, secret, { algorithms: ['HS256'] }) as { sid: string };
    response.locals['session'] = await readSession(claims.sid);
  } catch (error) {
    if (!(error instanceof jwt.JsonWebTokenError)) throw error;
  }
  if (response.locals['session']) return next();
  response.status(401).json({ message: 'Sign-in is required' });
});

app.use(async (_request, response, next) => {
  if (await withinLimit(response.locals['session'].userId)) return next();
  response.status(429).json({ message: 'Too many requests' });
});

const forRole = (role: string) => (_request: Request, response: Response, next: NextFunction) => {
  if (response.locals['session'].roles.includes(role)) return next();
  response.status(403).json({ message: 'Not allowed' });
};

const agent = new Agent({ keepAlive: true });
const forwardTo = (target: string) =>
  createProxyMiddleware<Request, Response>({
    target,
    agent,
    on: {
      proxyReq: (proxyRequest, _request, response) => {
        const { userId, roles } = response.locals['session'];
        const { event } = serverlessExpress.getCurrentInvoke();
        proxyRequest.removeHeader('authorization');
        proxyRequest.setHeader('x-user-id', userId);
        proxyRequest.setHeader('x-user-roles', roles.join(','));
        proxyRequest.setHeader('x-request-id', event.requestContext.requestId);
      },
    },
  });

app.get('/api/v1/users{/:id}', forRole('user'), forwardTo(settings.usersUrl));
app.get('/api/v1/products{/:id}', forRole('user'), forwardTo(settings.productsUrl));
app.post('/api/v1/products', forRole('admin'), forwardTo(settings.productsUrl));
app.put('/api/v1/products/:id/picture', forRole('admin'), forwardTo(settings.productsUrl));

export const handler = serverlessExpress({
  app,
  binarySettings: { contentTypes: ['application/octet-stream', 'image/*'] },
});
