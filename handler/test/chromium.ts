import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { type Finished, run } from '../../scripts/stack/command-line/run.ts';

const programs = ['chromium', 'chromium-browser', 'google-chrome'];
const patienceMs = 30_000;

export const findChromium = (): string | undefined =>
  programs
    .flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((at) => join(at, name)))
    .find((file) => existsSync(file));

/** For people who want to see what a user sees: a file in the folder that `SCREENSHOTS` names, if it is set. */
export const show = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['SCREENSHOTS'];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
};

export interface MeasuredFigure {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Of the legend's rows. */
  readonly names: readonly string[];
  /** Lines and dots of its curves. */
  readonly marks: number;
  /** Elements outside their box, and overlapping texts. */
  readonly outside: readonly string[];
  readonly overlapping: readonly string[];
}

export interface MeasuredPage {
  readonly width: number;
  /** Pixels by which the page is wider than the window. */
  readonly overflow: number;
  readonly loaded: readonly string[];
  readonly figures: readonly MeasuredFigure[];
}

interface Measured {
  readonly pages: readonly MeasuredPage[];
  /** The browser's console: errors, and blocked resources and scripts. */
  readonly console: readonly string[];
}

/** Renders the page in headless Chromium at each width, and returns what a person would see. */
export const measureInChromium = async (
  chromium: string,
  page: string,
  widths: readonly number[],
): Promise<Measured> => {
  const folder = await mkdtemp(join(tmpdir(), 'postern-chromium-'));
  try {
    const file = join(folder, 'measure.html');
    await writeFile(file, measuring(page, await readFile(script, 'utf8'), widths));
    const { stdout, stderr } = await dumpDom(chromium, pathToFileURL(file).href, folder);
    const [, measured] = /<output>([^<]+)<\/output>/.exec(stdout) ?? [];
    if (measured === undefined) throw new Error(`Chromium measured nothing.\n${stderr}`);
    return {
      pages: JSON.parse(decodeURIComponent(measured)) as MeasuredPage[],
      console: stderr.split('\n').filter((line) => /:CONSOLE[:(]/.test(line)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
};

/** Loads a page in headless Chromium, and returns the resulting document. */
export const visitInChromium = async (
  chromium: string,
  url: string,
  more: readonly string[] = [],
): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'postern-chromium-'));
  try {
    return (await dumpDom(chromium, url, folder, more)).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
};

const dumpDom = (
  chromium: string,
  url: string,
  folder: string,
  more: readonly string[] = [],
): Promise<Finished> =>
  run(chromium, [...options, ...more, `--user-data-dir=${folder}`, '--dump-dom', url], {
    signal: AbortSignal.timeout(patienceMs),
  });

const script = join(import.meta.dirname, 'measure-page.js');

const options = [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--enable-logging=stderr',
  // Chromium's sandbox refuses to run as root, as containers do.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** The page is in a frame, so that its own policy applies, and a script outside the frame reads it. */
const measuring = (page: string, functions: string, widths: readonly number[]): string =>
  `<!doctype html><meta charset="utf-8">
<iframe style="border:0;height:4000px" srcdoc="${page.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"></iframe>
<output></output>
<script>${functions}
addEventListener('load', () => {
  const frame = document.querySelector('iframe');
  const pages = ${JSON.stringify(widths)}.map((width) => measurePage(frame, width));
  frame.remove();
  document.querySelector('output').textContent = encodeURIComponent(JSON.stringify(pages));
});
</script>`;
