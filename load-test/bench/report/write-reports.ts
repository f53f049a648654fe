import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docsFolder, reportsFolder } from '../folders.ts';
import type { Measured } from '../measure/bench.ts';
import { benchJson } from './bench-json.ts';
import { chartOf } from './chart.ts';
import { figuresOf } from './figures.ts';
import { pageOf } from './page.ts';
import { ratiosOf } from './ratios.ts';
import { asText, tablesOf } from './tables.ts';

/** Writes `reports/bench.json` and `bench.svg`, the documents too where asked, and returns the tables as text. */
export const writeReports = (measured: Measured, writeDocs: boolean): string => {
  const measuredAt = new Date();
  const { machine } = measured;
  const figures = figuresOf(measured);
  const ratios = ratiosOf(measured);
  const tables = tablesOf(figures, ratios);
  const place = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.platform}, ${measuredAt.toISOString().slice(0, 10)}`;
  const chart = chartOf(figures, `Medians; the lines are the quarters. ${place}`);
  mkdirSync(reportsFolder, { recursive: true });
  writeFileSync(
    join(reportsFolder, 'bench.json'),
    `${JSON.stringify(benchJson(measured, figures, ratios, measuredAt), null, 2)}\n`,
  );
  writeFileSync(join(reportsFolder, 'bench.svg'), chart);
  if (writeDocs) {
    mkdirSync(docsFolder, { recursive: true });
    writeFileSync(join(docsFolder, 'bench.svg'), chart);
    writeFileSync(join(docsFolder, 'performance.md'), pageOf(tables, measured.effort, place));
  }
  return tables.map(asText).join('\n\n');
};
