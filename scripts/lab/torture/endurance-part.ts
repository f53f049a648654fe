import { join } from 'node:path';
import { run } from '../../stack/command-line/run.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import type { EnduranceReport } from './endurance.ts';
import type { TorturePart } from './part.ts';

const requests = 200_000;
const mostBytesPer100k = 1_048_576;

/** The caches drop half of their entries at a time: with fewer requests, these changes exceed the allowed growth. */
const leastToJudgeHeap = 100_000;

/**
 * The handler serves requests continuously in a separate process, whose heap is measured after a garbage collection.
 */
export const endurancePart: TorturePart = {
  name: 'endurance',
  run: async ({ seed, scale }) => {
    const count = Math.max(5_000, Math.ceil(requests * scale));
    const { exitCode, stdout, stderr } = await run(process.execPath, [
      '--expose-gc',
      ...process.execArgv,
      join(projectFolder, 'scripts/lab/torture/endurance.ts'),
      String(count),
      String(seed),
    ]);
    const last = stdout.trimEnd().split('\n').at(-1) ?? '';
    if (exitCode !== 0) return { cases: count, failed: 1, detail: stderr };
    const report = JSON.parse(last) as EnduranceReport;
    const isHeapGrowing =
      count >= leastToJudgeHeap && report.heapSlopeBytesPer100k > mostBytesPer100k;
    const problems = [
      ...report.grown,
      ...(report.unexpectedAnswers > 0 ? [`${report.unexpectedAnswers} unexpected answers`] : []),
      ...(isHeapGrowing ? ['the heap grows'] : []),
    ];
    const { heapSlopeBytesPer100k, sockets, timers, listeners } = report;
    return {
      cases: count,
      failed: problems.length,
      detail: problems.join('\n'),
      figures: { heapSlopeBytesPer100k, sockets, timers, listeners },
    };
  },
};
