import { exceptions } from '../../../handler/testing/fidelity/exceptions.ts';
import { jestCases } from './jest-cases.ts';
import { onTestStack } from './on-test-stack.ts';
import type { TorturePart } from './part.ts';

/** Each row of the table on events as AWS sends them, and again through a deployed local stack. */
export const fidelityPart: TorturePart = {
  name: 'fidelity',
  run: async () => {
    const byEvents = await jestCases('unit', 'handler/src/fidelity.test.ts');
    const onStack = await onTestStack((variables) =>
      jestCases('integration', 'handler/test/fidelity.test.ts', variables),
    );
    return {
      cases: byEvents.cases + onStack.cases,
      failed: byEvents.failed + onStack.failed,
      detail: `${byEvents.detail}\n${onStack.detail}`.trim(),
      figures: {
        casesByEvents: byEvents.cases,
        casesOnStack: onStack.cases,
        declaredExceptions: Object.keys(exceptions).length,
      },
    };
  },
};
