import type { Spread } from '../statistics.ts';
import { type Bar, barPanel, panelHeight } from './bar-panel.ts';
import type { Figures, FiguresByName } from './figures.ts';
import { pageSvg, panelWidth } from './page-svg.ts';

/** Postern beside everyone else, in bars. */
export const chartOf = (figures: FiguresByName, caption: string): string => {
  const all = Object.values(figures);
  const panel = (title: string, read: Read) => barPanel(title, barsOf(all, read), panelWidth);
  return pageSvg({
    title: 'The same work, side by side',
    caption,
    panelHeight: panelHeight(all.length),
    panels: [
      panel('Cold start: process start to first answer, ms', ({ cold }) => cold.first_answer_ms),
      panel('Warm: CPU of a 1 KB request, µs', ({ warm }) => warm?.json_1kb.cpu_us),
      panel('Warm: CPU of 1 MB of JSON, ms', ({ warm }) => scaled(warm?.json_1mb.cpu_us, 1 / 1000)),
      panel('Warm: memory after the warm-up, MB', rssMb),
    ],
  });
};

type Read = (figures: Figures) => Spread | undefined;

const rssMb: Read = ({ memory }) => {
  const bytes = memory?.after_warm_up.rss_bytes;
  return bytes === undefined
    ? undefined
    : scaled({ median: bytes, p25: bytes, p75: bytes }, 1 / 1_048_576);
};

const scaled = (spread: Spread | undefined, by: number): Spread | undefined =>
  spread && { median: spread.median * by, p25: spread.p25 * by, p75: spread.p75 * by };

const barsOf = (all: readonly Figures[], read: Read): readonly Bar[] =>
  all.flatMap((figures) => {
    const spread = read(figures);
    if (!spread) return [];
    const style = figures.kind.endsWith('peer') ? 'peer' : figures.kind;
    return [{ label: figures.title, style, ...spread }];
  });
