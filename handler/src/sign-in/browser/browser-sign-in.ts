import type { BrowserAction } from './actions.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { createProvider, sendingBy } from '../../openid/provider.ts';
import { createProviderKeys } from '../../openid/provider-keys.ts';
import type { UpstreamKind } from '../../parts.ts';
import { openSigningKeys } from '../../stores/keys/signing-secret.ts';
import { describeError } from '../../telemetry/logger.ts';
import { createActiveKey } from './active-key.ts';
import { createBackChannelLogout } from './back-channel-logout.ts';
import { createCodeExchange } from './code-exchange.ts';
import { createDescribe } from './description.ts';
import { createPendingSignIns } from './pending-sign-in.ts';
import type { BrowserPolicy } from './policy.ts';
import { describeSession } from './session.ts';
import { createSignIn } from './sign-in.ts';
import { createSignOut } from './sign-out.ts';
import { readSettings } from './settings.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    /** The gateway's own routes, of which the provider is the upstream. */
    readonly browserSignIn: {
      readonly target: { readonly action: BrowserAction };
    };
  }
}

/** Responds to a request of a browser, or of the provider. */
export type Act = (request: GatewayRequest, deadlineMs: number) => Promise<GatewayResponse>;

/** Signs users of browsers in at an OpenID provider, and out. */
export const browserSignIn =
  (compiled: BrowserPolicy): UpstreamKind<'browserSignIn'> =>
  (_, reader) => {
    const { policy, discoveryUrl, ...settings } = readSettings(compiled, reader);
    const { issuer } = policy;
    return ({ sessionRegister, issuerKeys, secrets, connect, log, now }) => {
      const send = sendingBy(connect, now);
      const provider = createProvider({ issuer, discoveryUrl, jwksUri: undefined, send });
      const keys = openSigningKeys(settings.signingSecret, { secrets, log, now });
      const activeKey = createActiveKey(keys, now);
      const world = {
        ...settings,
        policy,
        discoveryUrl,
        now,
        log,
        sessionRegister,
        keys,
        activeKey,
        describe: createDescribe(provider, now),
        pendingSignIns: createPendingSignIns({ keys, activeKey, now }),
        exchange: createCodeExchange({
          policy,
          discoveryUrl,
          send,
          now,
          readSecret: (deadlineMs) =>
            secrets.getSecretString(policy.clientSecret ?? '', { deadlineMs }),
        }),
        providerKeys: createProviderKeys({
          source: `${issuer} ${discoveryUrl.href}`,
          store: issuerKeys,
          readProvider: (deadlineMs) => provider.readKeys(deadlineMs),
          now,
          onReadFailure: (error) =>
            log.error('the keys of the identity provider cannot be read', {
              error: describeError(error),
            }),
          onStoreFailure: (error): undefined => {
            const fields = { error: describeError(error) };
            log.warn('the keys of the identity provider cannot be shared', fields);
          },
        }),
      };
      const acts: Readonly<Record<Exclude<BrowserAction, 'session'>, Act>> = {
        ...createSignIn(world),
        signOut: createSignOut(world),
        backChannelLogout: createBackChannelLogout(world),
      };
      return {
        forward: async ({ request, target, deadlineMs, caller }) => {
          const upstream = { name: target.upstream };
          const { action } = target;
          if (action === 'session') return { upstream, outcome: describeSession(caller) };
          try {
            return { upstream, outcome: await acts[action](request, deadlineMs) };
          } catch (error) {
            if (error instanceof GatewayError) return { upstream, outcome: error };
            throw error;
          }
        },
      };
    };
  };
