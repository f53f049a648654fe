import { createHash } from 'node:crypto';

export const jsonOf = (bytes: number): Buffer => {
  const around = '{"data":""}';
  const words = 'the quick brown fox jumps over the lazy dog, '.repeat(Math.ceil(bytes / 45));
  return Buffer.from(`{"data":"${words.slice(0, bytes - around.length)}"}`);
};

/** The same bytes on every machine, and no text in any encoding. */
export const binaryOf = (bytes: number): Buffer => {
  const body = Buffer.alloc(bytes);
  for (let at = 0, state = 1; at < bytes; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    body[at] = state >>> 24;
  }
  return body;
};

/** The receipt for a body: it shows the sender that every byte arrived. */
export const receiptOf = (body: Buffer): string =>
  JSON.stringify({ sha256: createHash('sha256').update(body).digest('hex') });
