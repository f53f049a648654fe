import { describe, expect, it } from '@jest/globals';
import { confirm } from './confirm.ts';

const off = false; // No terminal.

describe('confirm without a terminal', () => {
  it.each([
    ['prod', 'change'],
    ['prod', 'destruction'],
    ['dev', 'destruction'],
  ] as const)('refuses in %s a %s, and says what to type', async (name, kind) => {
    await expect(confirm({ name }, 'remove everything in', kind, off)).rejects.toThrow(
      new RegExp(`remove everything in ${name}\\. Nothing was changed[^]*make .* CONFIRM=${name}$`),
    );
  });

  it.each([
    [{ name: 'local' }, 'destruction'],
    [{ name: 'dev' }, 'change'],
    [{ name: 'prod', isConfirmed: true }, 'destruction'],
  ] as const)('lets %j have a %s', async (environment, kind) => {
    await expect(confirm(environment, 'change', kind, off)).resolves.toBeUndefined();
  });
});
