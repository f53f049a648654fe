import '../../../handler/testing/example/load-example.ts';
import type { start } from '../../../handler/src/index.ts';
import { captureOutput } from '../../../handler/testing/captured-output.ts';

/** The real handler's `start`. Loading it starts one that has no settings, and which says so on standard output. */
export const loadStart = async (): Promise<typeof start> => {
  const output = captureOutput();
  try {
    return (await import('../../../handler/src/index.ts')).start;
  } finally {
    output.giveBack();
  }
};
