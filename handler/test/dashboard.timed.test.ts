import { readFile } from 'node:fs/promises';
import { GetDashboardCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runCommand } from '../../scripts/lab/stack/run-command.ts';
import {
  type DashboardBody,
  metricRowOf,
} from '../../scripts/operations/observability/dashboard-body.ts';
import { metricsOfDashboard } from '../../scripts/operations/observability/metrics-read.ts';
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

const deployedDashboard = async (): Promise<DashboardBody> => {
  const { DashboardBody: body = '{}' } = await cloudWatch.send(
    new GetDashboardCommand({ DashboardName: deployment.dashboardName }),
  );
  return JSON.parse(body) as DashboardBody;
};

/** One value for each metric in a graph, including those that this traffic does not cause or that only AWS measures. */
const measureEverything = async (): Promise<void> => {
  const dashboard = await deployedDashboard();
  const named = dashboard.widgets.flatMap(({ properties }) =>
    properties.metrics.flatMap((row) => metricRowOf(row).metric ?? []),
  );
  const valueOf: Readonly<Record<string, string>> = {
    Gateway: deployment.functionName,
    Environment: 'local',
  };
  const found = metricsOfDashboard(dashboard)
    .filter(({ dimensions }) => dimensions.includes('Environment'))
    .map(({ namespace, name, dimensions }) => ({
      namespace,
      name,
      dimensions: dimensions.map((Name) => ({
        Name,
        Value: valueOf[Name] ?? 'probe',
      })),
    }));
  const aMinuteAgo = new Date(Date.now() - 60_000);
  for (const { namespace, name, dimensions } of [...named, ...found]) {
    await cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: namespace,
        MetricData: [
          { MetricName: name, Dimensions: [...dimensions], Timestamp: aMinuteAgo, Value: 1 },
        ],
      }),
    );
  }
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
      await measureEverything();
      const made = await runCommand('dashboard');
      const page = await readFile(made.stdout.trim(), 'utf8');
      ({ pages, console: told } = await measureInChromium(chromium, page, [laptop, phone]));
    });

    it('has a figure for every graph of the deployed dashboard', async () => {
      const { widgets } = await deployedDashboard();
      const titles = widgets.map(({ properties }) => properties.title);
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

    it('draws a curve in every graph, once its metrics are measured', () => {
      const figures = pages.flatMap((page) => page.figures);
      expect(figures.filter(({ marks }) => marks === 0).map(({ title }) => title)).toEqual([]);
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
