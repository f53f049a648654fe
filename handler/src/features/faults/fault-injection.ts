import { readFaultSettings } from './fault-settings.ts';
import { injectFaults } from './inject-faults.ts';

/** The part of the feature that the gateway needs before it is switched on. */
interface Feature {
  readonly readSettings: typeof readFaultSettings;
  readonly inject: typeof injectFaults;
}

/**
 * Undefined in a zip that is built without fault injection (`scripts/stack/build/build-zip.ts`), which has no
 * byte of the feature.
 */
export const faultInjection: Feature | undefined = {
  readSettings: readFaultSettings,
  inject: injectFaults,
};
