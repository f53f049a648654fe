import type { Growth } from '../growth/growth.ts';
import type { Table } from './tables.ts';

export const growthTablesOf = ({ routes, keys, bodies, environments, tokens }: Growth): Table[] => [
  {
    title: 'Growth: routes in the contract',
    head: ['routes', 'match, µs', 'no match, µs'],
    rows: routes.map((point) => [
      count(point.routes),
      point.match_us.toFixed(2),
      point.no_match_us.toFixed(2),
    ]),
  },
  {
    title: 'Growth: clients seen by one environment',
    head: ['rate-limit keys', 'heap, MiB', 'a decision, µs'],
    rows: keys.map((point) => [
      count(point.keys),
      point.heap_mb.toFixed(1),
      point.take_us.toFixed(0),
    ]),
  },
  {
    title: 'Growth: size of the response (JSON)',
    head: ['KiB', 'node:http, CPU µs', 'Postern, CPU µs', 'ratio', 'copies'],
    rows: bodies.map((point) => [
      count(point.bytes / 1024),
      count(point.floor_cpu_us),
      count(point.postern_cpu_us),
      (point.postern_cpu_us / point.floor_cpu_us).toFixed(2),
      point.postern_copies.toFixed(1),
    ]),
  },
  {
    title: 'Growth: environments that share one limit',
    head: [
      'environments',
      'hot tenant: writes/s',
      'refused',
      '10 × over: writes a refusal',
      'admitted ÷ allowed',
    ],
    rows: environments.map((point) => [
      count(point.environments),
      point.hot_writes_per_second.toFixed(0),
      count(point.hot_refused),
      point.over_writes_per_refused.toFixed(3),
      point.over_admitted_vs_allowed.toFixed(3),
    ]),
  },
  {
    title: 'A valid token, CPU µs',
    head: ['first seen', 'seen before'],
    rows: [[count(tokens.first_us), count(tokens.again_us)]],
  },
];

const count = (value: number): string => Math.round(value).toLocaleString('en');
