import type { Growth } from '../growth/growth.ts';
import { type Line, linePanel, panelHeight } from './line-panel.ts';
import { pageSvg, panelWidth } from './page-svg.ts';

export const growthChartOf = (growth: Growth, caption: string): string => {
  const { routes, keys, bodies, environments } = growth;
  const own = (label: string, points: Line['points']): Line => ({
    label,
    style: 'postern',
    points,
  });
  const floor = (label: string, points: Line['points']): Line => ({
    label,
    style: 'floor',
    points,
  });
  return pageSvg({
    title: 'What grows, and what stays',
    caption,
    panelHeight,
    panels: [
      linePanel(
        'Finding the route, µs',
        'routes in the contract',
        [
          own(
            '',
            routes.map(({ routes: count, match_us }) => [count, match_us]),
          ),
        ],
        panelWidth,
      ),
      linePanel(
        'Memory of the rate limiter, MB',
        'clients seen by one environment',
        [
          own(
            '',
            keys.map(({ keys: count, heap_mb }) => [count, heap_mb]),
          ),
        ],
        panelWidth,
      ),
      linePanel(
        'CPU of a request, ms',
        'MiB of the answer',
        [
          own(
            'Postern',
            bodies.map(({ bytes, postern_cpu_us }) => [bytes / 1_048_576, postern_cpu_us / 1000]),
          ),
          floor(
            'One node:http request',
            bodies.map(({ bytes, floor_cpu_us }) => [bytes / 1_048_576, floor_cpu_us / 1000]),
          ),
        ],
        panelWidth,
        (x) => x,
      ),
      linePanel(
        'Writes a second for one key at 1,000 requests/s',
        'environments that share it',
        [
          own(
            '',
            environments.map((point) => [point.environments, point.hot_writes_per_second]),
          ),
        ],
        panelWidth,
      ),
    ],
  });
};
