'use strict';

/** What no gateway can be faster than when it starts: a handler that does nothing. */
exports.handler = async () => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"ok"}',
});
