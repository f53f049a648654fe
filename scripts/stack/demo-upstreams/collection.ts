import { randomUUID } from 'node:crypto';
import type { DemoResponse, Received } from './exchange.ts';
import { keepNewest } from './keep-newest.ts';

type Item = Readonly<Record<string, unknown>> & { readonly id: string };

/** Enough for any demonstration. */
const mostItems = 1_000;

/**
 * A resource over REST, kept in memory. Lists go by `limit` and `cursor`; any other query parameter, which may be
 * repeated, selects by the field of its name.
 */
export const collection = (path: string, firstItems: readonly Item[]) => {
  const items = new Map(firstItems.map((item) => [item.id, item]));

  const keep = (item: Item): void => keepNewest(items, item.id, item, mostItems);

  const list = (query: URLSearchParams): DemoResponse => {
    const limit = Number(query.get('limit') ?? 20);
    const cursor = query.get('cursor');
    const fields = [...new Set(query.keys())].filter(
      (name) => name !== 'limit' && name !== 'cursor',
    );
    const selected = [...items.values()].filter((item) =>
      fields.every((field) => query.getAll(field).includes(String(item[field]))),
    );
    const start = cursor === null ? 0 : selected.findIndex(({ id }) => id === cursor) + 1;
    const page = selected.slice(start, start + limit);
    const hasMore = start + limit < selected.length;
    return { status: 200, body: { items: page, next_cursor: hasMore ? page.at(-1)?.id : null } };
  };

  const onAll = ({ method, query, body }: Received): DemoResponse => {
    if (method === 'GET' || method === 'HEAD') return list(query);
    if (method !== 'POST') return notAllowed('GET, HEAD, POST');
    const fields = objectFrom(body);
    if (fields === undefined) return badBody;
    const item = { ...fields, id: randomUUID() };
    keep(item);
    return { status: 201, headers: { location: `${path}/${item.id}` }, body: item };
  };

  const onOne = ({ method, body }: Received, id: string): DemoResponse => {
    const item = items.get(id);
    if (item === undefined)
      return { status: 404, body: { error: `There is nothing at ${path}/${id}` } };
    if (method === 'GET' || method === 'HEAD') return { status: 200, body: item };
    if (method === 'DELETE') {
      items.delete(id);
      return { status: 204 };
    }
    if (method !== 'PUT' && method !== 'PATCH') return notAllowed('GET, HEAD, PUT, PATCH, DELETE');
    const fields = objectFrom(body);
    if (fields === undefined) return badBody;
    const changed = { ...(method === 'PATCH' ? item : {}), ...fields, id };
    keep(changed);
    return { status: 200, body: changed };
  };

  return (received: Received): DemoResponse | undefined => {
    if (received.path === path) return onAll(received);
    const id = received.path.startsWith(`${path}/`) ? received.path.slice(path.length + 1) : '';
    return id === '' || id.includes('/') ? undefined : onOne(received, decodeURIComponent(id));
  };
};

export const objectFrom = (body: Buffer): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
};

export const badBody: DemoResponse = {
  status: 400,
  body: { error: 'The body is not a JSON object' },
};

export const notAllowed = (allow: string): DemoResponse => ({
  status: 405,
  headers: { allow },
  body: { error: `Only ${allow} are known here` },
});
