import { stripTypeScriptTypes } from 'node:module';

/** Jest's transformer of TypeScript: what Node does with it outside of tests. All code keeps its line and column. */
export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
