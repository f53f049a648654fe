import { matchOf } from '../../exchange.ts';
import {
  addressDenied,
  createIpFilter,
  type IpFilter,
  type IpRules,
} from '../../http/ip-filter.ts';
import type { Feature } from '../../parts.ts';
import { createThinLines } from '../../telemetry/thin-lines.ts';
import { withIpValues } from '../../stores/ip-values.ts';

declare module '../../contract.ts' {
  interface Route {
    /** Absent: every address may call. */
    readonly ipRules?: IpRules;
  }
}

/**
 * Refuses requests by the client's address: before the sign-in, and without any call to a store, not even of the failure
 * limit. At most one line a second of an address is logged.
 */
export const ipRules: Feature = ({ ipValues, now }) => {
  const thin = createThinLines(now);
  const filters = new Map<IpRules, IpFilter>();
  const filterOf = (rules: IpRules): IpFilter => {
    let filter = filters.get(rules);
    if (filter === undefined)
      filters.set(rules, (filter = createIpFilter(withIpValues(rules, ipValues))));
    return filter;
  };
  return {
    before: ({ context: { exchange } }) => {
      const rules = matchOf(exchange).route.ipRules;
      const { clientIp } = exchange.request;
      const note = rules && filterOf(rules)(clientIp);
      if (note === undefined) return;
      const error = addressDenied(note);
      exchange.thinned = { error, line: thin(clientIp) };
      throw error;
    },
  };
};
