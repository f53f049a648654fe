'use strict';

const { Agent, request } = require('node:http');

const upstream = new URL(process.env.UPSTREAM_USERS_SERVICE_URL);
const agent = new Agent({ keepAlive: true });

/** The minimum cost of any proxy: one request over a keep-alive connection, and its response in Lambda's form. */
exports.handler = (event) =>
  new Promise((resolve, reject) => {
    const body = event.body && Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
    const outgoing = request(
      {
        agent,
        host: upstream.hostname,
        port: upstream.port,
        method: event.requestContext.http.method,
        path: event.rawPath,
        headers: body
          ? { 'content-type': event.headers['content-type'], 'content-length': body.length }
          : {},
      },
      (incoming) => {
        const chunks = [];
        incoming.on('data', (chunk) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const isText = incoming.headers['content-type'] === 'application/json';
          resolve({
            statusCode: incoming.statusCode,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString(isText ? 'utf8' : 'base64'),
            isBase64Encoded: !isText,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
