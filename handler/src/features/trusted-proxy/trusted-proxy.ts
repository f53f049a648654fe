import type { SecretsManager } from '../../aws/secrets-manager.ts';
import type { Contract } from '../../contract.ts';
import type { Middleware } from '../../middleware.ts';
import { createProxySecrets, type ProxySecrets } from './proxy-secrets.ts';
import { type ProxySettings, readProxySettings } from './proxy-settings.ts';
import { requireProxy } from './require-proxy.ts';

interface Tools {
  readonly routes: Contract['routes'];
  readonly secrets: SecretsManager;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onReadFailure: (error: unknown) => void;
}

/** What the gateway needs to know of the feature before it is switched on. */
interface Feature {
  readonly readSettings: typeof readProxySettings;
  readonly connect: (
    settings: ProxySettings,
    tools: Tools,
  ) => { readonly secrets: ProxySecrets; readonly middleware: Middleware };
}

/**
 * Undefined in a zip that is built without a trusted proxy (`scripts/stack/build/build-zip.ts`). Settings of the proxy are
 * then a misconfiguration: a gateway that ignored them would accept requests that bypass the proxy.
 */
export const trustedProxy: Feature | undefined = {
  readSettings: readProxySettings,
  connect: ({ headerName, secretArn }, { routes, secrets, now, onReadFailure }) => {
    const proxySecrets = createProxySecrets({
      readSecret: (deadlineMs) => secrets.getSecretString(secretArn, { deadlineMs }),
      now,
      onReadFailure,
    });
    return {
      secrets: proxySecrets,
      middleware: requireProxy({ headerName, secrets: proxySecrets, routes }),
    };
  },
};
