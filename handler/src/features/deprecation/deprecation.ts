import { onEveryResponse } from '../../middleware.ts';
import type { Feature } from '../../parts.ts';

declare module '../../contract.ts' {
  interface Route {
    /** Of a deprecated route. */
    readonly deprecation?: Deprecation;
  }
}

/** Headers, as they are sent. */
export interface Deprecation {
  /** RFC 9745: a Date of Structured Fields (RFC 9651 §3.3.7). */
  readonly since: string;
  /** RFC 8594: an HTTP date. */
  readonly sunset?: string;
  /** RFC 8288. */
  readonly link?: string;
}

/** Not in the catalogue, which every gateway has. */
const calls = { name: 'DeprecatedRequests', unit: 'Count' };

/** Announces in each response of a deprecated route since when and until when, and counts its requests. */
export const deprecation: Feature = ({ metrics }) =>
  onEveryResponse(({ response: { headers }, context: { exchange } }) => {
    const route = exchange.match?.route;
    if (route?.deprecation === undefined) return;
    const { since, sunset, link } = route.deprecation;
    metrics.add(calls, 1, { route: route.id });
    headers['deprecation'] = since;
    if (sunset !== undefined) headers['sunset'] = sunset;
    if (link === undefined) return;
    const others = headers['link'];
    headers['link'] = others === undefined ? link : `${others}, ${link}`;
  });
