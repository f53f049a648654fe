import { injectFaults } from './inject-faults.ts';

/** What the gateway needs to know of the feature before it is switched on. */
interface Feature {
  /** Reads the value of `GATEWAY_FAULT_INJECTION`; undefined: it is neither of the two. */
  readonly parseSetting: (text: string) => boolean | undefined;
  readonly inject: typeof injectFaults;
}

/**
 * Undefined in a zip that is built without fault injection: the bundler then puts another module in place of this one
 * (`scripts/stack/build/build-zip.ts`), and the zip has no byte of the feature.
 */
export const faultInjection: Feature | undefined = {
  parseSetting: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  inject: injectFaults,
};
