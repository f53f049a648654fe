import { failure, step } from './step.ts';

/** To try it: the tokens `tok_declined`, `tok_unstable` (the third attempt succeeds) and `tok_no_refund`. */
export const handler = step('payment', ({ action, order, retry }) => {
  const { payment_token: token } = order;
  if (action === 'do' && token === 'tok_declined') throw failure('PaymentDeclined');
  if (action === 'do' && token === 'tok_unstable' && retry < 2) throw failure('Unavailable');
  if (action === 'undo' && token === 'tok_no_refund') throw failure('Unavailable');
});
