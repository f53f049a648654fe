// Loaded into a function before its code, by NODE_OPTIONS: it kills the process right before some of its writes, and
// right after some, when the service has carried them out.
const { appendFileSync } = require('node:fs');
const http = require('node:http');

const { CRASH_SHARE, CRASH_LOG, AWS_LAMBDA_FUNCTION_NAME: name } = process.env;
const share = Number(CRASH_SHARE);
const writes = /(PutItem|UpdateItem|StartExecution)$/;

const targetOf = ({ headers = {} }) =>
  String(Object.entries(headers).find(([key]) => key.toLowerCase() === 'x-amz-target')?.[1]);

const crash = (when, target) => {
  appendFileSync(CRASH_LOG, `${name} ${when} ${target}\n`);
  process.kill(process.pid, 'SIGKILL');
};

const { request } = http;
http.request = (...args) => {
  const target = writes.exec(targetOf(args[0]))?.[1];
  const lot = target === undefined ? 1 : Math.random() / share;
  if (lot < 0.5) crash('before', target);
  const sent = request(...args);
  if (lot >= 0.5 && lot < 1) sent.once('response', () => crash('after', target));
  return sent;
};
