import { groupBy } from '../../../../handler/compiler/group-by.ts';
import type { EffectItem, OrderItem } from './orders-system.ts';
import type { PlannedOrder } from './place-orders.ts';

const keyOf = ({ partner, order_id }: Pick<OrderItem, 'partner' | 'order_id'>): string =>
  `${partner}/${order_id}`;

/** The accepted orders that are not what they should have become. */
export const lostOrders = (
  accepted: readonly PlannedOrder[],
  stored: readonly OrderItem[],
): readonly string[] => {
  const byKey = new Map(stored.map((order) => [keyOf(order), order]));
  return accepted.flatMap((order) => {
    const { status, reason } = byKey.get(keyOf(order)) ?? {};
    const isAsExpected = status === order.expected.status && reason === order.expected.reason;
    return isAsExpected ? [] : [`${order.kind} ${keyOf(order)}: ${status} ${reason}`];
  });
};

/**
 * The orders of which a step had its effect more than once, or whose effects are not those of their status: all three
 * steps if it is completed, and none that is not undone if it is rejected.
 */
export const wrongEffects = (
  stored: readonly OrderItem[],
  effects: readonly EffectItem[],
): readonly string[] => {
  const byOrder = groupBy(effects, ({ order }) => order);
  return stored.flatMap((order) => {
    const own = byOrder.get(keyOf(order)) ?? [];
    const stepOf = ({ effect }: EffectItem): string => effect.split('/')[0] ?? '';
    const isTwice = new Set(own.map(stepOf)).size < own.length;
    const lasting = own.filter(({ done_at, undone_at }) => done_at && !undone_at).map(stepOf);
    const wanted = order.status === 'COMPLETED' ? 3 : 0;
    if (!isTwice && lasting.length === wanted) return [];
    return [`${keyOf(order)} is ${order.status}: ${JSON.stringify(own)}`];
  });
};
