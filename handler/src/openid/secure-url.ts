/** Where a provider describes itself, below its issuer (OpenID Connect Discovery 1.0 §4). */
export const wellKnown = '/.well-known/openid-configuration';

/** An https URL, or an http URL of this machine, where tests and emulators have their providers. */
export const secureUrl = (text: string): URL | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username || url.password || url.hash) return undefined;
  const isLocal = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal) ? url : undefined;
};
