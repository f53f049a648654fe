import type { GatewayRequest } from './request.ts';

type Headers = GatewayRequest['headers'];

/** The headers that are kept, without a prototype, like the original. */
export const withoutHeaders = (
  headers: Headers,
  isRemoved: (name: string, value: string) => boolean,
): Headers => {
  const kept = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers))
    if (!isRemoved(name, value)) kept[name] = value;
  return kept;
};
