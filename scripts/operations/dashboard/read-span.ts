import { duration } from '../../stack/command-line/arguments.ts';

/** `SPAN`, in milliseconds: how far back the graphs look that have no span of their own. */
export const readSpan = (text: string | undefined): number =>
  duration(text, 'SPAN', { usual: '1h', least: '5m', most: '24h' });
