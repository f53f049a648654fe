import { type GatewayContext, matchOf } from '../../exchange.ts';
import { gatewayErrorOf } from '../../http/gateway-error-of.ts';
import { problemDetails } from '../../http/problem-details.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { Middleware } from '../../middleware.ts';
import type { Feature, FeatureTools } from '../../parts.ts';
import type { Plugin, PluginPlace } from './load-plugin.ts';
import { EarlyResponse, PluginCall } from './plugin-call.ts';

declare module '../../contract.ts' {
  interface Route {
    /** In the order of the contract, by where they run. Absent: the route has none. */
    readonly plugins?: Readonly<Record<PluginPlace, readonly Plugin[]>>;
  }
}

declare module '../../exchange.ts' {
  interface Exchange {
    /** By the steps of the plugins: those of the request … */
    pluginCall?: PluginCall;
    /** … and a response of theirs to what is the pipeline's error. */
    pluginResponse?: { readonly to: unknown; readonly response: GatewayResponse };
  }
}

type Call = Parameters<NonNullable<Middleware['before']>>[0];

const callOf = (call: Call, tools: FeatureTools): PluginCall => {
  const { exchange } = call.context;
  return (exchange.pluginCall ??= new PluginCall(call, tools));
};

/** A route without plugins waits for no promise. */
const entering =
  (tools: FeatureTools, ...places: readonly PluginPlace[]) =>
  (call: Call): Promise<void> | undefined => {
    const { plugins } = matchOf(call.context.exchange).route;
    return (
      plugins &&
      enter(
        call,
        callOf(call, tools),
        places.map((at) => plugins[at]),
      )
    );
  };

const enter = async (
  { context }: Call,
  pluginCall: PluginCall,
  places: ReadonlyArray<readonly Plugin[]>,
): Promise<void> => {
  for (const plugins of places) {
    const response = await pluginCall.enter(plugins);
    if (response !== undefined) throw respondEarly(context, response);
  }
};

/** A returned response would skip the rest of the way out, the access log included. */
const respondEarly = ({ exchange }: GatewayContext, response: GatewayResponse): EarlyResponse => {
  const to = new EarlyResponse();
  exchange.pluginResponse = { to, response };
  return to;
};

/** A step whose plugins are inside the gateway's own errors: they see the error, not yet its problem details. */
const around =
  (at: PluginPlace, ...outer: readonly PluginPlace[]): Feature =>
  (tools) => ({
    before: entering(tools, ...outer, at),
    after: async (call) => {
      const { pluginCall } = call.context.exchange;
      if (pluginCall === undefined || !call.response) return;
      call.response = await pluginCall.leave(at, call.response);
    },
    onError: async (call) => {
      const { exchange } = call.context;
      const { pluginCall } = exchange;
      const { error } = call;
      if (pluginCall === undefined || !error) return;
      const known = responseTo(error, exchange);
      try {
        const response =
          error instanceof EarlyResponse && known
            ? await pluginCall.leave(at, known)
            : await pluginCall.leaveWithError(at, error, known);
        if (response !== undefined) exchange.pluginResponse = { to: error, response };
      } catch (failure) {
        delete exchange.pluginResponse;
        call.error = failure as Error;
      }
    },
  });

const responseTo = (
  error: unknown,
  { pluginResponse }: GatewayContext['exchange'],
): GatewayResponse | undefined =>
  pluginResponse && pluginResponse.to === error ? pluginResponse.response : undefined;

/** Those at `on-response` are outside of all others: their `before` is the first. */
export const pluginsBeforeAuth = around('before-auth', 'on-response');
export const pluginsBeforeUpstream = around('before-upstream');

/** The plugins that see every response of a route, problem details included. */
export const pluginsOnResponse: Feature = (tools) => {
  /** Never throws: what is thrown here would skip the access log. */
  const leaveWithError = async (call: Parameters<NonNullable<Middleware['onError']>>[0]) => {
    const { exchange } = call.context;
    const { pluginCall, error } = exchange;
    let { error: cause } = call;
    let response = responseTo(cause, exchange) ?? call.response;
    if (cause instanceof EarlyResponse) delete exchange.error;
    while (pluginCall !== undefined && cause && response) {
      try {
        response =
          cause instanceof EarlyResponse
            ? await pluginCall.leave('on-response', response)
            : await pluginCall.leaveWithError('on-response', error ?? cause, response);
        break;
      } catch (failure) {
        // The plugin has left; those outside of it see its failure.
        exchange.error = gatewayErrorOf(failure);
        cause = exchange.error;
        response = problemDetails(exchange.error, exchange.request, tools.problems);
      }
    }
    call.response = response;
  };

  return {
    after: async (call) => {
      const { pluginCall } = call.context.exchange;
      if (pluginCall === undefined || !call.response) return;
      call.response = await pluginCall.leave('on-response', call.response);
    },
    onError: leaveWithError,
  };
};
