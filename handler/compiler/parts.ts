/** Every folder of the handler that has keys in the contract, by its name in the pipeline or its key there: one line each. */
export { default as builtIn } from '../src/built-in/contract.ts';
export { default as compress } from '../src/features/compress/contract.ts';
export { default as cors } from '../src/features/cors/contract.ts';
export { default as deprecation } from '../src/features/deprecation/contract.ts';
export { default as docs } from '../src/built-in/docs/contract.ts';
export { default as failureLimit } from '../src/features/failure-limit/contract.ts';
export { default as http } from '../src/upstreams/http/contract.ts';
export { default as ipRules } from '../src/features/ip-rules/contract.ts';
export { default as jwt } from '../src/sign-in/jwt/contract.ts';
export { default as plugins } from '../src/features/plugins/contract.ts';
export { default as rateLimit } from '../src/features/rate-limit/contract.ts';
export { default as respond } from '../src/upstreams/respond/contract.ts';
export { default as session } from '../src/sign-in/session/contract.ts';
export { default as transform } from '../src/features/transform/contract.ts';
export { default as upstreams } from '../src/upstreams/contract.ts';
export { default as validation } from '../src/features/validation/contract.ts';
export { default as webhook } from '../src/sign-in/webhook/contract.ts';
