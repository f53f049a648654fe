import { escaped } from '../report-pages/html.ts';
import { arrangeCurves, colours } from './arrange-curves.ts';
import type { Curve } from './graph.ts';
import { brief } from './brief.ts';

/** The latest figures, all of one moment; names beyond those that have a colour are folded away. */
export const drawLegend = (curves: readonly Curve[]): string => {
  const { columns, rows } = arrangeCurves(curves);
  const latestMs = Math.max(...curves.map(({ points }) => points.at(-1)?.atMs ?? -Infinity));
  const cell = (curve: Curve | undefined) => `<td>${figureAt(latestMs, curve)}`;
  const row = ({ name, colour, curves: ofName }: (typeof rows)[number]) => {
    const cells = columns.map(({ series }) =>
      cell(ofName.find((curve) => curve.series === series)),
    );
    return `<tr><td><i style="background:${colour}"></i>${escaped(name)}${cells.join('')}`;
  };
  const heads = columns.map(
    ({ series, pattern }) => `<th><span class="${pattern}">${escaped(series)}</span>`,
  );
  const head = columns.some(({ series }) => series !== '') ? `<tr><th>${heads.join('')}` : '';
  const shown = `<table>${head}${rows.slice(0, colours.length).map(row).join('')}</table>`;
  const further = rows.slice(colours.length);
  if (further.length === 0) return shown;
  return `${shown}<details><summary>${further.length} more</summary><table>${further.map(row).join('')}</table></details>`;
};

const figureAt = (atMs: number, curve: Curve | undefined): string => {
  const last = curve?.points.at(-1);
  return last?.atMs === atMs ? brief(last.value) : '–';
};
