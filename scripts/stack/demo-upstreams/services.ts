import { badBody, collection, notAllowed, objectFrom } from './collection.ts';
import type { DemoResponse, Received, Service } from './exchange.ts';
import { onePixel, pictures } from './pictures.ts';

const startedAt = new Date().toISOString();

const status: Service = ({ path }) =>
  path === '/api/v1/status'
    ? { status: 200, body: { status: 'operational', since: startedAt, version: '1.4.2' } }
    : undefined;

const firstUsers = [
  { id: 'alice', name: 'Alice Moreau', email: 'alice@example.com', birthday: '1989-04-12' },
  { id: 'bob', name: 'Bob Lindqvist', email: 'bob@example.com', birthday: '1976-11-30' },
  { id: 'chidi', name: 'Chidi Okafor', email: 'chidi@example.com', birthday: null },
];

const firstProducts = [
  {
    id: 'ulysses',
    name: 'Ulysses',
    category: 'book',
    price: { amount: 1_450, currency: 'EUR' },
    tags: ['novel'],
  },
  {
    id: 'stalker',
    name: 'Stalker',
    category: 'film',
    price: { amount: 1_999, currency: 'EUR' },
    tags: ['1979'],
  },
  {
    id: 'kind-of-blue',
    name: 'Kind of Blue',
    category: 'music',
    price: { amount: 990, currency: 'EUR' },
    tags: [],
  },
  {
    id: 'go',
    name: 'Go',
    category: 'game',
    price: { amount: 4_500, currency: 'EUR' },
    tags: ['board', 'two'],
  },
];

const settings = (): Service => {
  let current: Readonly<Record<string, unknown>> = {
    maintenance: false,
    support_url: 'https://support.example.com/',
  };
  const respond = ({ method, body }: Received): DemoResponse => {
    if (method === 'GET' || method === 'HEAD') return { status: 200, body: current };
    if (method !== 'PUT' && method !== 'PATCH') return notAllowed('GET, HEAD, PUT, PATCH');
    const fields = objectFrom(body);
    if (fields === undefined) return badBody;
    current = method === 'PATCH' ? { ...current, ...fields } : fields;
    return { status: 200, body: current };
  };
  return (received) => (received.path === '/settings' ? respond(received) : undefined);
};

const products = collection('/api/v1/products', firstProducts);
/** A product has a picture as long as it exists. */
const productOfPicture = (received: Received): DemoResponse | undefined => {
  const product = /^(.*)\/picture$/.exec(received.path)?.[1];
  return product === undefined
    ? undefined
    : products({ ...received, method: 'HEAD', path: product });
};

const productPictures = pictures(/^\/api\/v1\/products\/([^/]+)\/picture$/, {
  ulysses: { type: 'image/png', bytes: onePixel },
});

/**
 * The services behind the example contract. Each listens on a separate port, in this order after the local cloud's;
 * `terraform/environments/local.tfvars` names them with the usual ports.
 */
export const services: Readonly<Record<string, Service>> = {
  status,
  users: collection('/api/v1/users', firstUsers),
  products: (received) => {
    const product = productOfPicture(received);
    if (product === undefined) return products(received);
    return product.status === 404 ? product : productPictures(received);
  },
  settings: settings(),
};

export const portOf = (service: string, cloudPort: number): number =>
  cloudPort + 1 + Object.keys(services).indexOf(service);
