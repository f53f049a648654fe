import { contractPart } from '../../compiler/contract-part.ts';

const builtIn = (name: 'health' | 'ready' | 'openapi' | 'yaml', path: string) => ({
  name,
  path,
  security: [],
  place: [],
});

/** The routes that every gateway itself responds to. */
export default contractPart({
  folder: 'built-in',
  routes: () => [
    builtIn('health', '/health'),
    builtIn('ready', '/health/ready'),
    builtIn('openapi', '/openapi.json'),
    builtIn('yaml', '/openapi.yaml'),
  ],
  compile: () => () => ({}),
});
