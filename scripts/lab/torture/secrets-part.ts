import {
  isRecord,
  startGatewayWithSecrets,
} from '../../../handler/testing/gateway-with-secrets.ts';
import { loadStart } from './load-start.ts';
import type { TorturePart } from './part.ts';

const secrets = 2_000;

/** Secrets in every part of requests, upstream responses and AWS's responses: none may reach a client or the log. */
export const secretsPart: TorturePart = {
  name: 'secrets',
  run: async ({ scale }) => {
    const gateway = await startGatewayWithSecrets(await loadStart());
    try {
      await gateway.plantEverywhere(Math.max(200, Math.ceil(secrets * scale)));
    } finally {
      await gateway.stop();
    }
    const { planted, lines, clientErrors } = gateway;
    const told = gateway.seenIn([...lines, ...clientErrors]);
    const broken = lines.filter((line) => !isRecord(line));
    return {
      cases: planted.length + lines.length,
      failed: told.length + broken.length,
      detail: [...told.map((secret) => `told: ${secret}`), ...broken].slice(0, 10).join('\n'),
      figures: {
        planted: planted.length,
        linesOfLog: lines.length,
        clientErrors: clientErrors.length,
      },
    };
  },
};
