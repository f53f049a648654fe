import { notAllowed } from './collection.ts';
import { type DemoResponse, headerOf, type Received, type Service } from './exchange.ts';
import { keepNewest } from './keep-newest.ts';

interface Picture {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Of 1 MB at most, by the contract. */
const mostPictures = 50;

/** A transparent PNG. */
export const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const placeholder: Picture = { type: 'image/png', bytes: onePixel };

/** Files in memory, each at its own path, returned byte for byte; a placeholder where there is none. */
export const pictures = (path: RegExp, first: Readonly<Record<string, Picture>>): Service => {
  const known = new Map(Object.entries(first));

  const respond = (received: Received, name: string): DemoResponse => {
    const { method, body } = received;
    if (method === 'GET' || method === 'HEAD') {
      const { type, bytes } = known.get(name) ?? placeholder;
      return { status: 200, headers: { 'content-type': type }, body: bytes };
    }
    if (method !== 'PUT') return notAllowed('GET, HEAD, PUT');
    const type = headerOf(received.rawHeaders, 'content-type') ?? 'application/octet-stream';
    keepNewest(known, name, { type, bytes: body }, mostPictures);
    return { status: 201 };
  };

  return (received) => {
    const name = path.exec(received.path)?.[1];
    return name === undefined ? undefined : respond(received, name);
  };
};
