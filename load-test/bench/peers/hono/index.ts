import { Hono, type Context } from 'hono';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import { proxy } from 'hono/proxy';
import { jwtVerify } from 'jose';
import { pino } from 'pino';
import { withinLimit } from './shared/rate-limit.ts';
import { readSession, type Session } from './shared/sessions.ts';
import { settings } from './shared/settings.ts';
import { signingSecret } from './shared/signing-secret.ts';

type Env = { Bindings: { event: LambdaEvent }; Variables: { session: Session } };

const app = new Hono<Env>();
const logger = pino();

app.use(async (c, next) => {
  const startedAt = performance.now();
  await next();
  logger.info(
    {
      correlation_id: c.env.event.requestContext.requestId,
      user_id: c.get('session')?.userId,
      method: c.req.method,
      path: c.req.path,
      status_code: c.res.status,
      duration_ms: performance.now() - startedAt,
    },
    'request',
  );
});

app.use(async (c, next) => {
  const token = c.req.header('authorization')?.replace(/^Bearer /, '') ?? '';
  const verified = await jwtVerify<{ sid: string }>(token, await signingSecret, {
    algorithms: ['HS256'],
  }).catch(() => undefined);
  const session = verified && (await readSession(verified.payload.sid));
  if (!session) return c.json({ message: 'Sign-in is required' }, 401);
  c.set('session', session);
  await next();
});

app.use(async (c, next) => {
  if (!(await withinLimit(c.get('session').userId))) {
    return c.json({ message: 'Too many requests' }, 429);
  }
  await next();
});

const forwardTo = (upstreamUrl: string, role: string) => (c: Context<Env>) => {
  const session = c.get('session');
  if (!session.roles.includes(role)) return c.json({ message: 'Not allowed' }, 403);
  const { pathname, search } = new URL(c.req.url);
  return proxy(`${upstreamUrl}${pathname}${search}`, {
    ...c.req,
    headers: {
      ...c.req.header(),
      authorization: undefined,
      'x-user-id': session.userId,
      'x-user-roles': session.roles.join(','),
      'x-request-id': c.env.event.requestContext.requestId,
    },
  });
};

app.get('/api/v1/users/:id?', forwardTo(settings.usersUrl, 'user'));
app.get('/api/v1/products/:id?', forwardTo(settings.productsUrl, 'user'));
app.post('/api/v1/products', forwardTo(settings.productsUrl, 'admin'));
app.put('/api/v1/products/:id/picture', forwardTo(settings.productsUrl, 'admin'));

export const handler = handle(app);
