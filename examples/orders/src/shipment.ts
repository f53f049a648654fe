import { failure, step } from './step.ts';

/** To try it: the country `AQ`, to which no carrier goes. */
export const handler = step('shipment', ({ action, order }) => {
  if (action === 'do' && order.ship_to.country === 'AQ') throw failure('NoCarrier');
});
