import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { casesOf, report } from '../testing/effort.ts';
import {
  isRecord,
  type GatewayWithSecrets,
  startGatewayWithSecrets,
} from '../testing/gateway-with-secrets.ts';
import { seededRandom } from '../testing/random.ts';
import { start } from './index.ts';

let gateway: GatewayWithSecrets;
beforeAll(async () => {
  gateway = await startGatewayWithSecrets(start);
});
afterAll(() => gateway.stop());

describe('secrets in all parts of a request, of an upstream response and of AWS’s responses', () => {
  it('are in no log line, metric or error, and each line is one JSON record', async () => {
    const count = casesOf(200, 2_000);
    await gateway.plantEverywhere(count);
    const { planted, clientErrors, lines } = gateway;
    expect(planted.length).toBeGreaterThanOrEqual(count);
    expect(gateway.seenIn(clientErrors)).toEqual([]);
    expect(gateway.seenIn(lines)).toEqual([]);
    expect(lines.filter((line) => !isRecord(line))).toEqual([]);
    expect(clientErrors.length).toBeGreaterThan(50);
    expect(lines.length).toBeGreaterThan(60);
    const [logLines, errors] = [lines.length, clientErrors.length];
    report(planted.length, { logLines, clientErrors: errors });
  }, 600_000);

  it('keep log lines valid with any path or method', async () => {
    const random = seededRandom(1);
    const anyText = () =>
      String.fromCharCode(...Array.from({ length: 40 }, () => Math.floor(random() * 0x1_0000)));
    for (let round = 0; round < 200; round += 1) {
      await gateway.send(anyText(), `/${anyText()}\n{"level":"ERROR"}`, {
        headers: { [anyText()]: anyText() },
      });
    }
    expect(gateway.lines.filter((line) => !isRecord(line))).toEqual([]);
  });

  it('are found if they are leaked', async () => {
    const secret = gateway.plant('path');
    gateway.lines.length = 0;
    await gateway.send('GET', `/nowhere/${secret}`); // Paths are logged, so a secret in a path is expected in the log.
    expect(gateway.seenIn(gateway.lines)).toEqual([secret]);
  });
});
