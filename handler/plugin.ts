/** The public interface for plugins: `postern/plugin`. */
export {
  definePlugin,
  type PluginCaller,
  type PluginContext,
  type PluginDefinition,
  type PluginHooks,
  type PluginLogger,
  type PluginMetrics,
  type PluginRequest,
  type PosternContext,
} from './src/features/plugins/define-plugin.ts';
export { type ErrorCode, GatewayError } from './src/http/gateway-error.ts';
