import { changing, type Extension } from './extension.ts';

/** Sends the host name that the client used, in place of the upstream's own, for services that have several. */
export const preserveHost: Extension = () => () => ({
  connect: changing(async (request) => {
    const { headers } = request;
    const at = headers.findIndex((text, index) => index % 2 === 0 && text === 'x-forwarded-host');
    const host = headers[at + 1];
    // `host` is the first header; an event written by hand may have none to send.
    return at < 0 || host === undefined
      ? request
      : { ...request, headers: ['host', host, ...headers.slice(2)] };
  }),
});
