import { readFile } from 'node:fs/promises';
import { GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runScript } from '../../scripts/command-line/run-script.ts';
import type { DashboardBody } from '../../scripts/observability/dashboard-body.ts';
import { cloudWatch, measureMinute } from './alarm-stage.ts';
import { findChromium, measureInChromium, type MeasuredPage } from './chromium.ts';
import { call, deployment, signIn } from './stack.ts';

jest.setTimeout(60_000);

const chromium = findChromium();
const laptop = 1_280;
const phone = 390;

const traffic = async (): Promise<void> => {
  const token = await signIn(['user']);
  for (const path of ['/status', '/users', '/products'])
    await call('GET', `/api/v1${path}`, { token });
};

const titlesDeployed = async (): Promise<readonly string[]> => {
  const { DashboardBody: body = '{}' } = await cloudWatch.send(
    new GetDashboardCommand({ DashboardName: deployment.functionName }),
  );
  return (JSON.parse(body) as DashboardBody).widgets.map(({ properties }) => properties.title);
};

if (chromium === undefined) {
  it.skip('draws the dashboard: there is no chromium, chromium-browser or google-chrome to look at it', () =>
    undefined);
} else {
  describe('the page that make dashboard draws', () => {
    let pages: readonly MeasuredPage[];
    let told: readonly string[];

    beforeAll(async () => {
      await measureMinute(traffic);
      const page = await readFile(await runScript('dashboard.ts'), 'utf8');
      ({ pages, console: told } = await measureInChromium(chromium, page, [laptop, phone]));
    });

    it('has a figure for every graph of the deployed dashboard', async () => {
      const titles = await titlesDeployed();
      for (const { figures } of pages) {
        expect(figures.map(({ title }) => title)).toEqual(titles);
        expect(figures.filter(({ width, height }) => width < 250 || height < 90)).toEqual([]);
      }
    });

    it('fits a laptop’s window and a phone’s, with every mark and text in its place', () => {
      expect(pages.map(({ width, overflow }) => ({ width, overflow }))).toEqual([
        { width: laptop, overflow: 0 },
        { width: phone, overflow: 0 },
      ]);
      const figures = pages.flatMap((page) => page.figures);
      expect(figures.flatMap(({ outside }) => outside)).toEqual([]);
      expect(figures.flatMap(({ overlapping }) => overlapping)).toEqual([]);
    });

    it('draws the traffic that there was, by route, too', () => {
      const [figures = []] = pages.map((page) => page.figures);
      const graphs = figures.filter(({ title }) => title.startsWith('Traffic:'));
      expect(graphs.map(({ title, marks }) => ({ title, isDrawn: marks > 0 }))).toEqual([
        { title: 'Traffic: API', isDrawn: true },
        { title: 'Traffic: by route', isDrawn: true },
        { title: 'Traffic: tables', isDrawn: true },
      ]);
      const routes = ['GET /api/v1/status', 'GET /api/v1/users', 'GET /api/v1/products'];
      expect(graphs[1]?.names).toEqual(expect.arrayContaining(routes));
    });

    it('loads nothing, and the browser has nothing to complain of', () => {
      expect(pages.flatMap(({ loaded }) => loaded)).toEqual([]);
      expect(told).toEqual([]);
    });
  });
}
