import type { BuiltInName } from '../contract.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { BuiltInRoute } from '../parts.ts';
import { jsonToYaml } from './json-to-yaml.ts';
import { publishedDocument } from './published-document.ts';
import type { Readiness } from './readiness.ts';

/** The routes that the gateway itself responds to, by name. */
export type BuiltInRoutes = Readonly<Record<BuiltInName, BuiltInRoute>>;

/** Those that every gateway has need no request. */
type OwnRoutes = Readonly<
  Record<
    'health' | 'ready' | 'openapi' | 'openapiYaml',
    (deadlineMs: number) => Promise<GatewayResponse>
  >
>;

interface Dependencies {
  readonly readiness: (deadlineMs: number) => Promise<Readiness>;
  /** Holds the published document. */
  readonly folder: string;
}

export const createBuiltInRoutes = ({ readiness, folder }: Dependencies): OwnRoutes => ({
  health: async () => json('{"status":"ok"}', 'no-store'),
  ready: async (deadlineMs) => {
    const { ready, checks } = await readiness(deadlineMs);
    if (ready) return json(JSON.stringify({ status: 'ready', checks }), 'no-store');
    const failed = Object.keys(checks).filter((name) => checks[name] === 'failed');
    throw new GatewayError('NOT_READY', {
      detail: `Not available: ${failed.join(', ')}.`,
      headers: { 'retry-after': '5' },
    });
  },
  openapi: async () => publishedDocument(folder, 'application/json'),
  openapiYaml: async () => publishedDocument(folder, 'application/yaml', jsonToYaml),
});

const json = (body: string, cacheControl: string): GatewayResponse => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json', 'cache-control': cacheControl },
  body,
});
