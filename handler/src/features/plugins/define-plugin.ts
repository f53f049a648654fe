import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyResultV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type { OptionsOf } from './options-of.ts';

/** What the gateway knows of a request: `request.context.postern`. */
export interface PosternContext {
  /** Method and path template: `GET /users/{user_id}`. */
  readonly route: string;
  /** Path parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** As in `X-Request-Id`, problem details and the log. */
  readonly requestId: string;
  /** Who signed in. Undefined on a public route, and before authentication. */
  readonly caller: PluginCaller | undefined;
  /** Epoch milliseconds. A hook that has not finished by then is ended: 503 DEADLINE_EXCEEDED. */
  readonly deadlineMs: number;
  /** Lines of the function's log, with the request's id and the plugin's name. Log no credentials and no bodies. */
  readonly logger: PluginLogger;
  readonly metrics: PluginMetrics;
}

export interface PluginCaller {
  readonly userId: string;
  readonly roles: readonly string[];
  /** Those of the verified credentials, if the sign-in method has any. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface PluginLogger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface PluginMetrics {
  /** Adds a value to a metric of your own, by route. CloudWatch bills each metric and route. */
  add(name: string, value: number, unit?: 'Count' | 'Milliseconds' | 'Bytes'): void;
}

export type PluginContext = Context & { readonly postern: PosternContext };

/** Middy's request, as a hook receives it. */
export interface PluginRequest {
  /** What a `before` changes in it is what is validated and sent; only method and path are decided. */
  event: APIGatewayProxyEventV2;
  readonly context: PluginContext;
  /** Undefined in `before`, and in `onError` unless there is a response already. */
  response: APIGatewayProxyStructuredResultV2 | undefined;
  /** In `onError`. */
  error: Error | undefined;
  /** Shared by all plugins of the request. */
  readonly internal: Record<string, unknown>;
  /** Another way to respond early. */
  earlyResponse?: APIGatewayProxyResultV2;
}

/** `before` in the place that the contract's `at` says, the others on the way out. */
export interface PluginHooks {
  /** Refuses by throwing; responds early by returning a response. */
  before?(request: WithoutResponse): HookResult;
  /** For a response. */
  after?(request: WithResponse): HookResult;
  /** For an error of what is behind the plugin. */
  onError?(request: WithError): HookResult;
}

type WithoutResponse = PluginRequest & { response: undefined; error: undefined };
type WithResponse = PluginRequest & { response: APIGatewayProxyStructuredResultV2 };
type WithError = PluginRequest & { error: Error };

/** A response that a hook returns replaces the one there is. */
type HookResult =
  APIGatewayProxyResultV2 | undefined | void | Promise<APIGatewayProxyResultV2 | undefined | void>;

export interface PluginDefinition<Schema = unknown, Options = OptionsOf<Schema>> {
  /** JSON Schema of the contract's `with`, checked when the gateway is built. Absent: there are no options. */
  readonly options?: Schema;
  /** Called once per execution environment, with the options. */
  readonly create: (options: Options) => PluginHooks;
}

/** Declares a plugin: the types of its options follow from their schema, those of its hooks are given. */
export const definePlugin = <
  const Schema = { readonly type: 'object'; readonly properties: object },
>(
  plugin: PluginDefinition<Schema>,
): PluginDefinition<Schema> => plugin;
