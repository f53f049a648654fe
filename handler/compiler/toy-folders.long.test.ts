import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectFolder } from '../../scripts/stack/command-line/folders.ts';

// A copy of the project gets a feature: one folder, one line in parts.ts, one line in the pipeline. And a way to sign in:
// one folder, one line in parts.ts. And a kind of upstream, in the same way.

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'toy-folders-'));
  const metrics = 'terraform/modules/observability/metrics.json';
  for (const name of ['handler', 'scripts', 'docs', 'package.json', 'tsconfig.json', metrics]) {
    const isSource = (path: string): boolean => !/\/(generated|dist)$/.test(path);
    cpSync(join(projectFolder, name), join(copy, name), { recursive: true, filter: isSource });
  }
  symlinkSync(join(projectFolder, 'node_modules'), join(copy, 'node_modules'));
  addFolder('greeting', 'features/greeting');
  addFolder('passphrase', 'sign-in/passphrase');
  addFolder('echo', 'upstreams/echo');
  addLine(
    'handler/src/gateway.ts',
    /(?= {4}\.use\(matchRoute\()/,
    "    .use(feature('greeting'))\n",
  );
});
afterAll(() => rmSync(copy, { recursive: true }));

const addFolder = (name: string, folder: string): void => {
  const [from, to] = [`handler/compiler/testing/toys/${name}`, `handler/src/${folder}`];
  cpSync(join(copy, from), join(copy, to), { recursive: true });
  const line = `export { default as ${name} } from '../src/${folder}/contract.ts';\n`;
  addLine('handler/compiler/parts.ts', /(?=$)/, line);
};

const addLine = (file: string, place: RegExp, line: string): void => {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(place);
  writeFileSync(
    path,
    text.replace(place, () => line),
  );
};

const run = (...args: readonly string[]): string =>
  execFileSync(process.execPath, ['--no-warnings', ...args], { cwd: copy, encoding: 'utf8' });

/** The output of a script that runs in the copy. */
const evaluate = (code: string): unknown =>
  JSON.parse(run('--input-type=module', '-e', code)) as unknown;

const contract = readFileSync(join(import.meta.dirname, 'testing/contract.yaml'), 'utf8');
const withGreeting = (greeting: string): string =>
  contract.replace('x-postern: { upstream: users', (text) => `${text}, greeting: ${greeting}`);

const compileIn = (text: string): string => `
  import { compileContract } from './handler/compiler/compile-contract.ts';
  const compilation = compileContract(${JSON.stringify(text)}, { file: 'gateway.yaml', runtime: '../src' });
`;

const problemsIn = (text: string): unknown =>
  evaluate(`${compileIn(text)} console.log(JSON.stringify(compilation.problems ?? []));`);

/** Requests to the exported handler's gateway with the contract, and what the contract imports. */
const observe = (text: string, variables: object, requests: readonly object[]): unknown =>
  evaluate(`
    ${compileIn(text)}
    import { mkdirSync, writeFileSync } from 'node:fs';
    import { httpApiEvent, lambdaContext } from './handler/testing/events.ts';
    mkdirSync('handler/generated', { recursive: true });
    for (const [name, code] of Object.entries(compilation.modules))
      writeFileSync('handler/generated/' + name, code);
    writeFileSync('handler/generated/openapi.json', '{}');
    process.stdout.write = process.stderr.write = () => true;
    const { start } = await import('./handler/src/index.ts');
    const gateway = start(${JSON.stringify(variables)});
    const get = (path, headers = {}) =>
      gateway(httpApiEvent('GET', path, { headers }), lambdaContext());
    const responses = [];
    for (const headers of ${JSON.stringify(requests)})
      responses.push(await get('/users/alice', headers));
    const ready = JSON.parse((await get('/health/ready')).body).detail;
    const imports = compilation.modules['contract.js'].match(/(?<=port \\{ )\\w+/g);
    delete process.stdout.write;
    const statuses = responses.map(({ statusCode }) => statusCode);
    const bodies = responses.map(({ body }) => body);
    console.log(JSON.stringify({ statuses, bodies, ready, imports }));
  `);

const nowhere = 'http://127.0.0.1:9';
const settings = {
  GATEWAY_NAME: 'toy',
  GATEWAY_ENV: 'test',
  GATEWAY_RATELIMIT_TABLE_NAME: 'rate-limits',
  GATEWAY_PASSPHRASE: 'open sesame',
  UPSTREAM_USERS_SERVICE_URL: nowhere,
  UPSTREAM_ORDER_BOOK_SERVICE_URL: nowhere,
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL: nowhere,
};

describe('a feature that is one folder and two lines', () => {
  it('is in the schema for editors, at every allowed position', () => {
    const schema = evaluate(`
      import { contractSchema } from './handler/compiler/contract-schema.ts';
      import * as parts from './handler/compiler/parts.ts';
      console.log(JSON.stringify(contractSchema(parts)));
    `);
    const reference = { properties: { greeting: { $ref: '#/$defs/x-postern.greeting' } } };
    expect(schema).toMatchObject({
      $defs: {
        operationPostern: reference,
        pathItem: { properties: { 'x-postern': { $ref: '#/$defs/operationPostern' } } },
        postern: { properties: { defaults: { $ref: '#/$defs/operationPostern' } } },
        'x-postern.greeting': { properties: { text: { maxLength: 40 } } },
      },
    });
  });

  it.each([
    ['{ txet: Hello }', /^gateway\.yaml:\d+:\d+ {2}unknown key "txet" — did you mean "text"\?$/],
    ['{ text: Grüezi }', /^gateway\.yaml:\d+:\d+ {2}"text" can only be ASCII$/],
    ['{}', /^gateway\.yaml:\d+:\d+ {2}"text" is missing$/],
  ])('has its mistakes reported at their place: %s', (greeting, message) => {
    const text = withGreeting(greeting);
    const problems = problemsIn(text) as string[];
    expect(problems).toEqual([expect.stringMatching(message)]);
    const [, line = '', column = ''] = problems[0]?.split(':') ?? [];
    expect(text.split('\n')[Number(line) - 1]?.slice(Number.parseInt(column) - 1)).toMatch(
      /^(txet|Grüezi|greeting)/,
    );
  });

  it('has its name suggested for one that is nearly right', () => {
    expect(problemsIn(withGreeting('{ text: Hello }').replace('greeting:', 'greting:'))).toEqual([
      expect.stringContaining('unknown key "greting" — did you mean "greeting"?'),
    ]);
  });

  it('is in the reference of the contract', () => {
    run('scripts/commands/contract-docs.ts');
    const page = readFileSync(join(copy, 'docs/contract.md'), 'utf8');
    expect(page).toContain('## Greeting\n\nGreets callers in the header `X-Greeting`.');
    expect(page).toMatch(/\| `greeting\.text` \| .* \| required \| The value of `X-Greeting`\. \|/);
  });

  it('runs in the pipeline for the routes that use it, and is not imported if no route does', () => {
    const send = (text: string): unknown =>
      evaluate(`
        ${compileIn(text)}
        import { mkdirSync, writeFileSync } from 'node:fs';
        import { gatewayWith, send } from './handler/testing/gateway-with.ts';
        mkdirSync('handler/generated', { recursive: true });
        for (const [name, code] of Object.entries(compilation.modules))
          writeFileSync('handler/generated/' + name, code);
        const { contract, features } = await import('./handler/generated/contract.js');
        const routes = contract.routes.map((route) => ({ ...route, access: { kind: 'public' }, validate: undefined }));
        const { headers } = await send(gatewayWith({ routes, features }), 'GET', '/users/alice');
        const isImported = compilation.modules['contract.js'].includes('greeting');
        console.log(JSON.stringify({ header: headers['x-greeting'], isImported }));
      `);
    expect(send(withGreeting('{ text: Hello }'))).toEqual({ header: 'Hello', isImported: true });
    expect(send(contract)).toEqual({ isImported: false });
  });

  it('has types that follow from its schema', () => {
    const wrong = "value.text.replace('a', 1)";
    const folder = join(copy, 'handler/src/features/greeting');
    const text = readFileSync(join(folder, 'contract.ts'), 'utf8');
    writeFileSync(join(copy, 'tsconfig.toy.json'), toyTypes);
    expect(typeErrors()).toBe('');
    writeFileSync(join(folder, 'contract.ts'), text.replace('value.text)', `${wrong})`));
    expect(typeErrors()).toContain('greeting/contract.ts');
  });

  const toyTypes = JSON.stringify({
    extends: './tsconfig.json',
    include: ['handler/src/features/greeting'],
  });

  const typeErrors = (): string => {
    const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc');
    try {
      return run(tsc, '--noEmit', '-p', 'tsconfig.toy.json');
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };
});

describe('a way to sign in that is one folder and one line', () => {
  const withPassphrase = (section: string, type = 'apiKey'): string =>
    contract.replace(
      'type: http, scheme: bearer, x-postern: { session: {} }',
      `type: ${type}, x-postern: { ${section} }`,
    );

  const escapeRegex = (text: string): string => text.replaceAll(/[.?{}]/g, '\\$&');

  it.each([
    ['passphrase: { wrods: 2 }', 'unknown key "wrods" — did you mean "words"?'],
    ['passphrase: {}', '"words" is missing — add "words: 3"'],
    ['pass: {}', 'unknown key "pass"'],
    [
      'session: {}, passphrase: { words: 2 }',
      '"session" has several ways to sign in, session and passphrase — keep one',
    ],
    [
      '',
      'the gateway cannot tell how callers sign in by "session" — add a sign-in method to it, such as "x-postern: { apiKey: {} }" ',
    ],
  ])('has its mistakes reported at their place: %s', (section, message) => {
    expect(problemsIn(withPassphrase(section))).toContainEqual(
      expect.stringMatching(new RegExp(`^gateway\\.yaml:\\d+:\\d+  ${escapeRegex(message)}`)),
    );
  });

  it('is in the reference of the contract', () => {
    run('scripts/commands/contract-docs.ts');
    expect(readFileSync(join(copy, 'docs/contract.md'), 'utf8')).toMatch(
      /\| `passphrase\.words` \| security scheme \| .* \| required \| How many it has\. \|/,
    );
  });

  const wrong = { 'x-passphrase': 'open door' };
  const right = { 'x-passphrase': 'open sesame' };

  it('admits callers, needs no setting of another one, and has its check in /health/ready', () => {
    const text = withPassphrase('passphrase: { words: 2 }');
    // Signed in, the caller gets as far as the upstream, which cannot be reached.
    expect(observe(text, settings, [{}, wrong, right])).toMatchObject({
      statuses: [401, 401, 502],
      ready: 'Not available: rate_limit_table.',
      imports: expect.not.arrayContaining(['sessionSignIn', 'admitByAny']),
    });
  });

  it('is an alternative to another one, or needed together with it, in one operation', () => {
    const requests = [{}, forged, right, { ...forged, ...right }];
    const observed = (security: string): unknown =>
      observe(
        contract
          .replace('securitySchemes:\n', (line) => `${line}    words: ${passphraseScheme}\n`)
          .replace('security: [{ session: [user] }]', `security: ${security}`),
        { ...settings, ...sessionSettings },
        requests,
      );
    expect(observed('[{ session: [user] }, { words: [] }]')).toMatchObject({
      statuses: [401, 401, 502, 502],
      imports: expect.arrayContaining(['admitByAny', 'passphrase', 'sessionSignIn']),
    });
    expect(observed('[{ words: [], session: [user] }]')).toMatchObject({
      statuses: [401, 401, 401, 401],
    });
    // Of the known user, the role is asked for.
    expect(observed('[{ session: [user] }, { words: [admin] }]')).toMatchObject({
      statuses: [401, 401, 403, 403],
    });
  });
  const passphraseScheme = '{ type: apiKey, x-postern: { passphrase: { words: 2 } } }';
  const forged = { authorization: 'Bearer e30.e30.e30' };
  const sessionSettings = {
    GATEWAY_SESSION_TABLE_NAME: 'sessions',
    GATEWAY_TOKEN_SIGNING_SECRET: JSON.stringify({
      active_kid: 'k1',
      keys: [{ kty: 'oct', kid: 'k1', k: randomBytes(32).toString('base64url') }],
    }),
  };
});

describe('a kind of upstream that is one folder and one line', () => {
  const withEcho = (users: string, ofGet = ''): string =>
    contract
      .replace('users: { http: {}, timeout: 5s }', `users: { ${users} }`)
      .replace('security: [{ session: [user] }]', 'security: []')
      .replace('upstream: users, rateLimits: [member] }', `upstream: users${ofGet} }`);
  const echo = 'echo: { status: 201 }';

  it('is in the schema for editors, with its keys for upstreams and operations', () => {
    const schema = evaluate(`
      import { contractSchema } from './handler/compiler/contract-schema.ts';
      import * as parts from './handler/compiler/parts.ts';
      console.log(JSON.stringify(contractSchema(parts)));
    `);
    expect(schema).toMatchObject({
      $defs: {
        upstream: { properties: { echo: { required: ['status'] } } },
        operationPostern: { properties: { echoes: { $ref: '#/$defs/x-postern.echoes' } } },
      },
    });
  });

  it.each<[string, string, string, string]>([
    ['echo: { staus: 201 }', '', '6:22', 'unknown key "staus" — did you mean "status"?'],
    ['eco: { status: 201 }', '', '6:14', 'unknown key "eco" — did you mean "echo"?'],
    [
      'timeout: 5s',
      '',
      '6:5',
      '"users" does not name its kind — add "echo: {}", "eventBridge: {}", "http: {}", "lambda: {}", "s3: {}", "sns: {}", "sqs: {}" or "stepFunctions: {}"',
    ],
    [`http: {}, ${echo}`, '', '6:5', '"users" names several kinds, echo and http — keep one'],
    [echo, ', echoes: 900', '19:45', 'the echoes of the path have more than 1000 characters'],
    [
      echo,
      ', rewrite: /a',
      '19:37',
      '"rewrite" is for upstreams of the kind http; "users" is echo',
    ],
    [
      'http: {}',
      ', echoes: 2',
      '19:37',
      '"echoes" is for upstreams of the kind echo; "users" is http',
    ],
  ])('has its mistakes reported at their place: %s%s', (users, ofGet, place, message) => {
    expect(problemsIn(withEcho(users, ofGet))).toEqual([`gateway.yaml:${place}  ${message}`]);
  });

  it('is in the reference of the contract', () => {
    run('scripts/commands/contract-docs.ts');
    const page = readFileSync(join(copy, 'docs/contract.md'), 'utf8');
    expect(page).toContain('## Echo\n\nResponds with the request itself.');
    expect(page).toMatch(/\| `upstreams\.\*\.echo\.status` \| document \| .* \| required \|/);
    expect(page).toMatch(/\| `echoes` \| operation, path, `defaults` \|/);
  });

  it('responds to requests with its own settings and the nearest of its keys', () => {
    const variables = { ...settings, UPSTREAM_USERS_SERVICE_URL: undefined };
    const observed = (text: string): unknown =>
      observe(text, { ...variables, GATEWAY_ECHO: 'echo of' }, [{}]);
    const nearest = withEcho(echo, ', echoes: 2').replace('defaults: {', 'defaults: { echoes: 3,');
    expect(observed(nearest)).toMatchObject({
      statuses: [201],
      bodies: ['echo of /users/alice/users/alice'],
      imports: expect.arrayContaining(['echoUpstreams', 'httpUpstreams']),
    });
    expect(observed(nearest.replace(', echoes: 2', ''))).toMatchObject({
      bodies: ['echo of /users/alice/users/alice/users/alice'],
    });
    const missing = observe(nearest, variables, [{}]);
    expect(missing).toMatchObject({ statuses: [503] });
  });

  it('is not imported if no upstream has the kind', () => {
    const variables = { ...settings, ...{ GATEWAY_PASSPHRASE: undefined } };
    expect(observe(withEcho('http: {}'), variables, [{}])).toMatchObject({
      statuses: [502],
      imports: expect.not.arrayContaining(['echoUpstreams']),
    });
  });
});
