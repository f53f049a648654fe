import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../../handler/testing/random.ts';

const toAntarctica = { name: 'A', street: 'Base 1', city: 'South Pole', country: 'AQ' };
const rejected = (reason: string) => ({ status: 'REJECTED', reason });

/** What is in an order that asks the steps of its workflow to fail (examples/orders/README.md), and what becomes of it. */
const kinds = {
  sound: { order: {}, expected: { status: 'COMPLETED' } },
  unstable: { order: { payment_token: 'tok_unstable' }, expected: { status: 'COMPLETED' } },
  declined: { order: { payment_token: 'tok_declined' }, expected: rejected('PaymentDeclined') },
  soldOut: {
    order: { items: [{ sku: 'sold-out', quantity: 1 }] },
    expected: rejected('OutOfStock'),
  },
  nowhere: { order: { ship_to: toAntarctica }, expected: rejected('NoCarrier') },
  // The shipment fails, and so does the refund.
  stuck: {
    order: { payment_token: 'tok_no_refund', ship_to: toAntarctica },
    expected: { status: 'PLACED' },
  },
} satisfies Record<string, { readonly order: object; readonly expected: Expected }>;

interface Expected {
  readonly status: string;
  readonly reason?: string;
}

export type Kind = keyof typeof kinds;

const usual = {
  items: [{ sku: 'lamp', quantity: 2 }],
  amount: 1999,
  payment_token: 'tok_sound',
  ship_to: { name: 'A', street: 'B 1', city: 'C', country: 'NL' },
};

export interface PlannedOrder {
  readonly kind: Kind;
  readonly partner: string;
  readonly order_id: string;
  readonly expected: Expected;
}

export const planOrder = (kind: Kind, partner: string, random: Random): PlannedOrder => ({
  kind,
  partner,
  order_id: idOf(random),
  expected: kinds[kind].expected,
});

/** Most are sound. The same random numbers give the same orders. */
export const planOrders = (
  count: number,
  partners: readonly string[],
  random: Random,
): readonly PlannedOrder[] => {
  return Array.from({ length: count }, (_, index) => {
    const kind = random() < 0.15 ? rare[Math.floor(random() * rare.length)] : undefined;
    return planOrder(kind ?? 'sound', partners[index % partners.length] ?? '', random);
  });
};

const rare: readonly Kind[] = ['unstable', 'declined', 'soldOut', 'nowhere'];

const idOf = (random: Random): string => {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

export interface Shop {
  readonly url: string;
  /** By partner. */
  readonly keys: Readonly<Record<string, string>>;
}

export interface Seen {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Undefined: there was no response. */
const call = async (url: string, init: RequestInit): Promise<Seen | undefined> => {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(60_000) });
    return { status: response.status, body: (await response.json()) as Seen['body'] };
  } catch {
    return undefined;
  }
};

export const postOrder = (
  { url, keys }: Shop,
  { kind, partner, order_id }: PlannedOrder,
): Promise<Seen | undefined> =>
  call(`${url}/orders`, {
    method: 'POST',
    headers: { 'x-api-key': keys[partner] ?? '', 'content-type': 'application/json' },
    body: JSON.stringify({ ...usual, ...kinds[kind].order, order_id }),
  });

export const getOrder = (
  { url, keys }: Shop,
  { partner, order_id }: Pick<PlannedOrder, 'partner' | 'order_id'>,
): Promise<Seen | undefined> =>
  call(`${url}/orders/${order_id}`, { headers: { 'x-api-key': keys[partner] ?? '' } });

export interface Placed {
  /** How often the gateway responded with what, such as `202` and `503 UPSTREAM_UNAVAILABLE`. */
  readonly responses: Record<string, number>;
  /** Orders that were sent once more after a 202. */
  repeated: number;
}

interface Placing {
  readonly clients: number;
  readonly random: Random;
  readonly patienceMs: number;
  /** Undefined if the order is not stored. */
  readonly statusOf: (order: PlannedOrder) => Promise<string | undefined>;
}

/**
 * Clients that each send an order until it is accepted, and wait until it is final before they send the next one. Some
 * send one once more after it was accepted. Throws if an order is not final after `patienceMs`.
 */
export const placeOrders = async (
  shop: Shop,
  orders: readonly PlannedOrder[],
  { clients, random, patienceMs, statusOf }: Placing,
): Promise<Placed> => {
  const placed: Placed = { responses: {}, repeated: 0 };
  const waiting = [...orders];
  const note = (seen: Seen | undefined): void => {
    const code = typeof seen?.body['code'] === 'string' ? ` ${seen.body['code']}` : '';
    const what = seen === undefined ? 'no response' : `${seen.status}${code}`;
    placed.responses[what] = (placed.responses[what] ?? 0) + 1;
  };
  const untilAccepted = async (order: PlannedOrder): Promise<void> => {
    for (;;) {
      const seen = await postOrder(shop, order);
      note(seen);
      if (seen?.status === 202) return;
      await sleep(200);
    }
  };
  const untilFinal = async (order: PlannedOrder): Promise<void> => {
    const deadlineMs = Date.now() + patienceMs;
    while (Date.now() < deadlineMs) {
      await sleep(500);
      const status = await statusOf(order);
      if (status !== undefined && status !== 'PLACED') return;
    }
    throw new Error(`${JSON.stringify(order)} is not final after ${patienceMs} ms`);
  };
  const client = async (_: unknown, index: number): Promise<void> => {
    // Not all functions start at once.
    await sleep(300 * index);
    for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
      await untilAccepted(order);
      if (random() < 0.1) {
        placed.repeated += 1;
        await untilAccepted(order);
      }
      await untilFinal(order);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return placed;
};
