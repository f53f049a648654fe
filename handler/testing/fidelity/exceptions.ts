/** All that may differ, in the words of the table in docs/fidelity.md, which gives the reason for each. */
export const exceptions = {
  path: 'the path is percent-encoded anew, `;` as `%3B`',
  foldedPath:
    'a segment that is not a literal beside it in the contract but that a service may read as one (`/Admin`, `/admin;x=1`, `/admin.`, `/admin%20` beside `/admin`) is a 404',
  refusedPath:
    '`..`, `.`, `//`, `\\` and control characters are refused with 400, also with a parameter or spaces behind (`..;x=1`), and so is a segment of a parameter alone (`;x=1`)',
  query:
    'the query keeps its spelling, but for spaces, `#`, control and non-ASCII characters, which are percent-encoded',
  misspeltQuery:
    'a query parameter that is not a declared one but that a service may read as it (`Limit`, `limit[]`, `+limit`, `x=1;limit=9` beside `limit`) is refused with 400, and so is `_method` where it is not declared',
  hopByHop: 'hop-by-hop headers and those that `Connection` names end here, both ways',
  own: "`Host` is the service's; `Via`, `X-Request-Id`, `X-Forwarded-For`, `-Host`, `-Proto` and `-Prefix` are the gateway's own; a client's `Forwarded` and `X-Forwarded-*` are dropped",
  trace:
    "`traceparent` goes on as it came, and a trace that the client began or AWS samples is the log line's `trace_id`; where it is missing or no good, the trace of `X-Amzn-Trace-Id` (API Gateway's) is told in both headers, or a new one",
  identity:
    "`X-User-Id` and `X-User-Roles` are the session's, in any spelling (`x_user_id`); headers by which other proxies name a caller (`Remote-User`, `X-Auth-Request-*`, `X-Consumer-*` and others) are dropped",
  believed:
    'method overrides, `X-Original-URL`, `X-Rewrite-URL`, `Proxy`, and headers by which a client names its own address (`X-Real-IP`, `True-Client-IP`) or another host are dropped',
  utf8: 'header text goes out as UTF-8, both ways',
  badHeader: 'a header name or value that HTTP cannot carry is refused with 400',
  session:
    'session tokens and the cookies `session_token` and `__Host-session_token` go no further, on any route and in any spelling; on a route that needs a session neither does any other `Authorization: Bearer`',
  joined:
    'repeated headers arrive joined with commas, `Cookie` with semicolons; names in lower case, in both directions; each `Set-Cookie` stays apart',
  dropped: 'trailers, 1xx and the reason phrase are dropped, upgrades refused',
  security:
    "an answer has the security headers that it lacks, the request's id and the limit's headers, and on a route that needs a session `Cache-Control: private, no-store` where the service sends no `Cache-Control`; `Server` and `X-Powered-By` are dropped",
  contentType: 'a body without `Content-Type` is answered as `application/octet-stream`',
  brokenAnswer: 'an answer that is no sound HTTP, or breaks off, is a 502; one that is late a 504',
  undeclaredBody:
    'a body on GET, HEAD, DELETE or OPTIONS without `requestBody` is refused with 400',
  charset:
    'a body that a schema judges is refused with 415 where `Content-Type` names a charset other than UTF-8 or US-ASCII, names one twice, or is no media type',
  large:
    'a body over `maxBodySize` is a 413; an answer over 6 MB (4.5 MB where it is binary), or with more than 9 KB of headers, a 502',
  headerSize: "headers of more than the service's `maxHeaderSize` are refused with 431",
  ownConnection:
    'a body on GET, HEAD, DELETE or OPTIONS goes over a connection of its own, with `Connection: close`',
  origin:
    "a service's `Strict-Transport-Security`, `Alt-Svc` and `NEL` are dropped; without `session: start` also the cookies `session_token` and `__Host-session_token`, and `Clear-Site-Data`",
  urls: "the service's own URLs in `Location`, `Content-Location` and the `Path` and `Domain` of cookies become public ones: its host, its URL's path, rewritten paths and the stage; other origins and relative references stay",
} as const;

export type Exception = keyof typeof exceptions;
