import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportsFolder } from '../../../scripts/stack/command-line/folders.ts';
import { docsFolder } from '../folders.ts';
import type { Measured } from '../measure/bench.ts';
import { benchJson } from './bench-json.ts';
import { benchChart, growthChart } from './charts.ts';
import { figuresOf } from './figures.ts';
import { growthTablesOf } from './growth-tables.ts';
import { pageOf } from './page.ts';
import { ratiosOf } from './ratios.ts';
import { asText, contractTable, kindTable, tablesOf } from './tables.ts';

/** Writes `reports/bench.json` and the charts, also the documents if requested, and returns the tables as text. */
export const writeReports = (measured: Measured, writeDocs: boolean): string => {
  const { machine, growth, effort } = measured;
  const measuredAt = new Date();
  const figures = figuresOf(measured);
  const ratios = ratiosOf(measured);
  const tables = [
    ...tablesOf(figures, ratios),
    contractTable(measured.contracts),
    kindTable(measured.kinds),
    ...growthTablesOf(growth),
  ];
  const day = measuredAt.toISOString().slice(0, 10);
  const place = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.platform}, ${day}`;
  const charts = {
    'bench.svg': benchChart(figures, `Medians; thin lines are the quartiles. ${place}`),
    'growth.svg': growthChart(growth, place),
  };
  write(reportsFolder, {
    'bench.json': `${JSON.stringify(benchJson(measured, figures, ratios, measuredAt), null, 2)}\n`,
    ...charts,
  });
  if (writeDocs) write(docsFolder, { 'performance.md': pageOf(tables, effort, place), ...charts });
  return tables.map(asText).join('\n\n');
};

const write = (folder: string, files: Readonly<Record<string, string>>): void => {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
};
