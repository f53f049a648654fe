import type { GatewayRequest } from './request.ts';

/** The headers that are kept, without a prototype, like those of a request. */
export const withoutHeaders = (
  headers: GatewayRequest['headers'],
  isRemoved: (name: string, value: string) => boolean,
): Record<string, string> => {
  const kept = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers))
    if (!isRemoved(name, value)) kept[name] = value;
  return kept;
};
