import { isIP } from 'node:net';

/**
 * The address in `CloudFront-Viewer-Address`, which is `198.51.100.7:443`, and `2001:db8::1:443` for IPv6, without
 * brackets: what stands behind the last colon is the port. Undefined for anything else.
 */
export const viewerAddress = (header: string | undefined): string | undefined => {
  const colon = header?.lastIndexOf(':') ?? -1;
  if (header === undefined || !/^\d{1,5}$/.test(header.slice(colon + 1))) return undefined;
  const host = header.slice(0, Math.max(0, colon));
  const address = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return isIP(address) === 0 ? undefined : address;
};
