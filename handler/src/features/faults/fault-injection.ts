import { injectFaults } from './inject-faults.ts';

/** The part of the feature that the gateway needs before it is switched on. */
interface Feature {
  /** Reads the value of `GATEWAY_FAULT_INJECTION`. Undefined: the value is not valid. */
  readonly parseSetting: (text: string) => boolean | undefined;
  readonly inject: typeof injectFaults;
}

/**
 * Undefined in a zip that is built without fault injection (`scripts/stack/build/build-zip.ts`), which has no
 * byte of the feature.
 */
export const faultInjection: Feature | undefined = {
  parseSetting: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  inject: injectFaults,
};
