import { failure, step } from './step.ts';

/** To try it: an item with the sku `sold-out`. */
export const handler = step('stock', ({ action, order }) => {
  if (action === 'do' && order.items.some(({ sku }) => sku === 'sold-out'))
    throw failure('OutOfStock');
});
