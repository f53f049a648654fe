import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Exchange, type GatewayContext, matchOf } from '../../exchange.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { FeatureTools } from '../../parts.ts';
import type { PluginContext, PluginHooks, PluginRequest, PosternContext } from './define-plugin.ts';
import type { Plugin } from './load-plugin.ts';
import { pluginErrorOf, pluginTimeout } from './plugin-error.ts';
import { eventForPlugins, markOf, requestOfPlugins } from './plugin-event.ts';
import { resultForPlugins, responseOfPlugins } from './plugin-result.ts';

/** On the way out, hooks may still run this long after the deadline: an upstream can use all the time before it. */
const graceMs = 100;

type Tools = Pick<FeatureTools, 'log' | 'metrics' | 'now'>;

/** In place of an error, for a response of a plugin's `before`: no step behind the plugin runs. */
export class EarlyResponse extends Error {
  override readonly name = 'EarlyResponse';
}

/** `caller` is set before each hook. An accessor would keep the exchange in memory (`transport/gathered-body.ts`). */
interface CallContext extends Omit<PosternContext, 'caller'> {
  caller: PosternContext['caller'];
}

/** The plugins of one request: what they see, and which of them the request has reached. */
export class PluginCall {
  readonly #exchange: Exchange;
  readonly #original: APIGatewayProxyEventV2;
  readonly #request: PluginRequest;
  readonly #postern: CallContext;
  readonly #tools: Tools;
  /** The latest last. Those on the way out are no longer here. */
  readonly #reached: Plugin[] = [];
  #running = '';

  constructor(
    { event, context, internal }: { event: unknown; context: GatewayContext; internal: object },
    tools: Tools,
  ) {
    this.#exchange = context.exchange;
    this.#original = event as APIGatewayProxyEventV2;
    this.#tools = tools;
    this.#postern = this.#context();
    this.#request = {
      event: eventForPlugins(this.#original, this.#exchange.request),
      context: Object.assign(context, { postern: this.#postern }) satisfies PluginContext,
      response: undefined,
      error: undefined,
      internal: internal as PluginRequest['internal'],
    };
  }

  /**
   * Runs the `before` of these plugins, in their order, and puts what they changed in the event into the exchange's
   * request. Returns the response if one of them responds early. Throws a `GatewayError` if one of them refuses or fails.
   */
  async enter(plugins: readonly Plugin[]): Promise<GatewayResponse | undefined> {
    const mark = markOf(this.#request.event);
    for (const plugin of plugins) {
      this.#reached.push(plugin);
      const returned = await this.#run(plugin, 'before', this.#exchange.deadlineMs);
      if (returned === undefined) continue;
      this.#reached.pop();
      return this.#judge(plugin, () => responseOfPlugins(returned.result));
    }
    const last = plugins.at(-1);
    if (last === undefined) return undefined;
    this.#exchange.request = this.#judge(last, () =>
      requestOfPlugins(this.#exchange.request, this.#request.event, {
        mark,
        original: this.#original,
      }),
    );
    return undefined;
  }

  /** Runs the `after` of the reached plugins of a place, the latest first. Throws if one of them fails. */
  async leave(at: Plugin['at'], response: GatewayResponse): Promise<GatewayResponse> {
    let left = response;
    for (const plugin of this.#leaving(at, 'after'))
      left = (await this.#out(plugin, 'after', left)) ?? left;
    return left;
  }

  /**
   * Runs the `onError` of the reached plugins of a place, the latest first. Returns the response that there is, by them
   * or before; undefined if there is none. Throws another error if one of them throws one.
   */
  async leaveWithError(
    at: Plugin['at'],
    error: Error,
    response: GatewayResponse | undefined,
  ): Promise<GatewayResponse | undefined> {
    let left = response;
    this.#request.error = error;
    for (const plugin of this.#leaving(at, 'onError'))
      left = (await this.#out(plugin, 'onError', left)) ?? left;
    return left;
  }

  /** The reached plugins of a place that have the hook. One that has been returned is no longer reached. */
  *#leaving(at: Plugin['at'], hook: keyof PluginHooks): Generator<Plugin> {
    while (this.#reached.at(-1)?.at === at) {
      const plugin = this.#reached.pop();
      if (plugin?.hooks[hook] !== undefined) yield plugin;
    }
  }

  async #out(
    plugin: Plugin,
    hook: 'after' | 'onError',
    response: GatewayResponse | undefined,
  ): Promise<GatewayResponse | undefined> {
    this.#request.response = response && resultForPlugins(response);
    const returned = await this.#run(plugin, hook, this.#exchange.deadlineMs + graceMs);
    const result = returned === undefined ? this.#request.response : returned.result;
    if (result === undefined) return undefined;
    return this.#judge(plugin, () => responseOfPlugins(result));
  }

  /** What the hook returns or sets as `earlyResponse`, if it does either. */
  async #run(
    plugin: Plugin,
    name: keyof PluginHooks,
    endsAtMs: number,
  ): Promise<{ readonly result: unknown } | undefined> {
    const request = this.#request;
    const hooks = plugin.hooks as Record<
      typeof name,
      ((given: PluginRequest) => unknown) | undefined
    >;
    if (hooks[name] === undefined) return undefined;
    this.#running = plugin.name;
    this.#postern.caller = this.#exchange.caller;
    delete request.earlyResponse;
    try {
      const pending = hooks[name](request);
      const returned = isPromise(pending) ? await this.#until(endsAtMs, pending) : pending;
      if (returned !== undefined) return { result: returned };
      return 'earlyResponse' in request ? { result: request.earlyResponse } : undefined;
    } catch (error) {
      // One that throws again what it was given has not failed itself.
      throw name === 'onError' && error === request.error
        ? error
        : pluginErrorOf(error, plugin.name);
    }
  }

  async #until(endsAtMs: number, pending: PromiseLike<unknown>): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const end = (): void => reject(pluginTimeout());
      timer = setTimeout(end, Math.max(0, endsAtMs - this.#tools.now()));
    });
    try {
      return await Promise.race([pending, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #judge<T>({ name }: Plugin, make: () => T): T {
    try {
      return make();
    } catch (error) {
      throw pluginErrorOf(error, name);
    }
  }

  #context(): CallContext {
    const exchange = this.#exchange;
    const { route, params } = matchOf(exchange);
    const { log, metrics } = this.#tools;
    const write =
      (level: 'info' | 'warn' | 'error') =>
      (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
        log[level](message, {
          ...fields,
          correlation_id: exchange.request.id,
          plugin: this.#running,
        });
    return {
      route: route.id,
      params,
      requestId: exchange.request.id,
      deadlineMs: exchange.deadlineMs,
      caller: exchange.caller,
      logger: { info: write('info'), warn: write('warn'), error: write('error') },
      metrics: {
        add: (name, value, unit = 'Count') =>
          metrics.add({ name, unit }, value, { route: route.id }),
      },
    };
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value;
