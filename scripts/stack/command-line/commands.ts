import {
  type CliForm,
  type Declaration,
  flag,
  type Option,
  required,
  value,
} from './declaration.ts';

const contract = { CONTRACT: value('<file>', 'another contract than gateway.yaml') };
const json = { JSON: flag('the result as JSON, for programs') };

/** A script of package.json. */
const ofNpm = { group: 'contribute', cli: 'none', make: 'none' } as const;

/** Every command, by the name of its file in `scripts/commands` and of its make target. */
export const commands = {
  init: {
    group: 'author',
    make: 'none',
    summary: 'write a new project into an empty folder',
    options: {
      NAME: value('shop', 'begins the name of every resource'),
      REGION: value('eu-central-1', 'the AWS region of dev and prod'),
      DOCUMENT: value(
        '<file>',
        'an OpenAPI document, or the configuration of another gateway, to begin with',
      ),
      YES: flag('ask nothing: the name of the folder, AWS_REGION and an example'),
    },
  },
  import: {
    group: 'author',
    summary: 'write a first contract from OpenAPI, API Gateway, SAM, Kong or KrakenD',
    options: {
      FILE: { ...required('<file>', 'several are separated by commas'), isPositional: true },
      OUT: value('gateway.yaml', 'the contract to write'),
      OVERWRITE: flag('replace the contract'),
    },
  },
  dev: {
    group: 'author',
    isEveryday: true,
    summary: 'serve the contract on this machine, without Terraform; reload it when it changes',
    options: { PORT: value('8787', 'the port of 127.0.0.1; 0: any free one'), ...contract },
  },
  validate: {
    group: 'author',
    summary: 'check a contract without building; print its problems by line',
    options: { ...contract, STRICT: flag('warnings are errors'), ...json },
  },
  routes: {
    group: 'author',
    summary: 'print the routes: who may call, limits, target, where each is defined',
    options: { ...contract, ...json },
  },
  diff: {
    group: 'author',
    summary: 'compare the contract with the deployed one; exit code 2: breaking changes',
    environment: 'optional',
    options: { ...contract, AGAINST: value('<file>', 'compare with this contract'), ...json },
  },

  build: {
    group: 'ship',
    summary: 'compile the contract, bundle and zip; for an environment, with the parts it needs',
    environment: 'optional',
    options: json,
  },
  plan: {
    group: 'ship',
    isEveryday: true,
    summary: 'show what would change; exit code 0 when nothing would, 2 when something would',
    environment: 'required',
    options: {
      REFRESH: { help: 'compare with the state only, without reading resources', isOn: true },
      ALLOW_CHANGES: flag('exit with 0 for changes, too'),
    },
  },
  deploy: {
    group: 'ship',
    isEveryday: true,
    summary: 'build, apply, one real request; local: also start the local cloud',
    environment: 'required',
    options: json,
  },
  release: {
    group: 'ship',
    isEveryday: true,
    summary: 'publish a version, check it, move traffic to it in steps',
    environment: 'required',
    cli: [
      {
        words: 'deploy',
        flag: 'gradual',
        summary: 'check the version, and move traffic to it in steps',
      },
    ],
    options: {
      PAUSE: value('5m', 'how long each step is watched'),
      ALLOW_HEADERS: value('<names>', 'response headers that may be missing from the new version'),
    },
  },
  rollback: {
    group: 'ship',
    isEveryday: true,
    summary: 'send all traffic to the version that served before',
    environment: 'required',
  },
  traffic: {
    group: 'ship',
    summary: 'show or change the weights of several upstreams, without a deployment',
    environment: 'required',
    options: {
      TO: value('users=90,users-next=10', 'the new weights of these upstreams'),
      ROUTE: value("'GET /a'", 'only of this route'),
      BACK: flag('undo the last change, at once'),
      RESET: flag("return to the contract's weights, at once"),
      PAUSE: value('5m', 'how long the change is watched; an alarm undoes it'),
      ...json,
    },
  },
  destroy: {
    group: 'ship',
    isEveryday: true,
    summary: 'remove everything that was deployed',
    environment: 'required',
  },
  bootstrap: {
    group: 'ship',
    summary: 'create the state bucket, and the GitHub roles of github.auto.tfvars',
    environment: 'required',
  },
  url: {
    group: 'ship',
    isEveryday: true,
    summary: 'print the base URL',
    environment: 'required',
  },

  session: {
    group: 'access',
    isEveryday: true,
    summary: 'create a session and print its token',
    environment: 'required',
    cli: [{ words: 'session create' }],
    options: {
      USER: required('alice', "the user's id"),
      ROLES: value('user,admin', 'the roles, separated by commas'),
      TTL: value('8h', 'how long it lasts'),
    },
  },
  revoke: {
    group: 'access',
    isEveryday: true,
    summary: 'end one session, or all sessions of a user',
    environment: 'required',
    cli: [{ words: 'session end' }],
    options: {
      TOKEN: value('<token>', 'of the session'),
      USER: value('alice', 'end all sessions of this user'),
    },
  },
  'apikey-create': {
    group: 'access',
    summary: 'create an API key for a consumer, and print it once',
    environment: 'required',
    cli: [{ words: 'apikey create' }],
    options: {
      CONSUMER: required('acme', "the consumer's name"),
      SCOPES: value('orders:read', 'the scopes, separated by commas'),
      PLAN: value('partner', 'a plan of the contract'),
      EXPIRES: value('90d', 'how long it is valid; without it, it does not expire'),
      PREFIX: value('shop', 'what it begins with, if the contract has several prefixes'),
      ...json,
    },
  },
  'apikey-list': {
    group: 'access',
    summary: 'list the API keys: consumer, plan, scopes, expiry, last use',
    environment: 'required',
    cli: [{ words: 'apikey list' }],
    options: { CONSUMER: value('acme', 'only those of this consumer'), ...json },
  },
  'apikey-rotate': {
    group: 'access',
    summary: 'replace an API key; the former one stays valid for a while',
    environment: 'required',
    cli: [{ words: 'apikey rotate' }],
    options: {
      KEY: required('<id>', 'the key, or its public id as in the list'),
      GRACE: value('7d', 'how long the former one stays valid'),
      EXPIRES: value('90d', 'how long the new one is valid; as long as the former one unless set'),
      ...json,
    },
  },
  'apikey-revoke': {
    group: 'access',
    summary: 'revoke an API key, or all keys of a consumer',
    environment: 'required',
    cli: [{ words: 'apikey revoke' }],
    options: {
      KEY: value('<id>', 'the key, or its public id as in the list'),
      CONSUMER: value('acme', 'revoke all keys of this consumer'),
      ...json,
    },
  },
  'apikey-usage': {
    group: 'access',
    summary: 'print what consumers have used of their quotas',
    environment: 'required',
    cli: [{ words: 'apikey usage' }],
    options: {
      PERIOD: value('2026-11', 'a day or a month in UTC; the present day and month unless set'),
      CONSUMER: value('acme', 'only this consumer'),
      CSV: flag('as CSV'),
      ...json,
    },
  },
  'password-create': {
    group: 'access',
    summary: 'create a password for a consumer, and print it once',
    environment: 'required',
    cli: [{ words: 'password create' }],
    options: {
      CONSUMER: required('acme', "the consumer's name"),
      USER: value('acme', "the user name; the consumer's name unless set"),
      SCOPES: value('orders:read', 'the scopes, separated by commas'),
      PLAN: value('partner', 'a plan of the contract'),
      EXPIRES: value('90d', 'how long it is valid; without it, it does not expire'),
      ...json,
    },
  },
  'password-list': {
    group: 'access',
    summary: 'list the passwords: user, consumer, plan, scopes, expiry, last use',
    environment: 'required',
    cli: [{ words: 'password list' }],
    options: { CONSUMER: value('acme', 'only those of this consumer'), ...json },
  },
  'password-rotate': {
    group: 'access',
    summary:
      'replace a password by one of another user name; the former one stays valid for a while',
    environment: 'required',
    cli: [{ words: 'password rotate' }],
    options: {
      USER: required('acme', 'the user name of the former password'),
      NEW_USER: value('acme-2', 'that of the new one; the next number unless set'),
      GRACE: value('7d', 'how long the former one stays valid'),
      EXPIRES: value('90d', 'how long the new one is valid; as long as the former one unless set'),
      ...json,
    },
  },
  'password-revoke': {
    group: 'access',
    summary: 'revoke the password of a user',
    environment: 'required',
    cli: [{ words: 'password revoke' }],
    options: { USER: required('acme', 'the user name') },
  },
  'rotate-key': {
    group: 'access',
    isEveryday: true,
    summary: 'make a new signing key; tokens stay valid',
    environment: 'required',
    cli: [
      { words: 'signing-key rotate', options: ['KEEP', 'DROP'] },
      {
        words: 'signing-key replace',
        summary: 'replace all signing keys at once; every session ends',
        given: { NOW: '1' },
        options: [],
      },
    ],
    options: {
      NOW: flag('replace all keys at once; every session ends'),
      KEEP: value('30d', 'how long the key before stays valid'),
      DROP: flag('only remove the keys that have expired'),
    },
  },

  logs: {
    group: 'operate',
    isEveryday: true,
    summary: "follow the function's log",
    environment: 'required',
    options: {
      FOLLOW: { help: 'print what is there, and end', isOn: true },
      REQUEST_ID: value('<id>', 'only of this request'),
      ROUTE: value("'GET /a'", 'only of this route'),
      STATUS: value('5xx', 'only responses with this status'),
      USER_ID: value('<id>', 'only of this user'),
      JSON: flag('the lines as the function wrote them, a JSON object each'),
    },
  },
  dashboard: {
    group: 'operate',
    isEveryday: true,
    summary: 'write the dashboard as a page, with live graphs and the states of the alarms',
    environment: 'required',
    options: { SPAN: value('1h', 'how far back') },
  },
  cost: {
    group: 'operate',
    summary: 'estimate the cost of a month',
    environment: 'required',
    options: {
      REQUESTS: value('1000000', 'requests a month'),
      SIGNED_IN: value('1', 'the share with a session, from 0 to 1'),
      BODY_KB: value('2', 'size of a response'),
      UPSTREAM_MS: value('20', 'how long an upstream takes'),
      PER_SECOND: value('20', 'requests in a busy second'),
      ROUTES: value('6', 'routes that have metrics'),
      COLD_STARTS: value('0.005', 'the share of requests, from 0 to 1'),
      ITEMS: value('100000', 'sessions and buckets that are kept'),
      ...json,
    },
  },
  'cache-purge': {
    group: 'operate',
    summary: 'drop responses from the cache of every execution environment',
    environment: 'required',
    cli: [{ words: 'cache purge' }],
    options: {
      URL_PATH: value('/products/1', 'those for this path, with any query'),
      PREFIX: value('/products/', 'those for paths that begin so'),
      ALL: flag('all'),
    },
  },
  loadtest: {
    group: 'operate',
    isEveryday: true,
    summary: 'run a k6 scenario against the gateway',
    environment: 'required',
    cli: [{ words: 'test load' }],
    options: {
      SCENARIO: value('load', 'smoke, load, stress, spike, soak or rate-limit'),
      DURATION: value('1h', 'for load and soak'),
      ...json,
    },
  },
  gameday: {
    group: 'operate',
    summary: 'inject one fault after another under load, and judge what users saw',
    environment: 'required',
    cli: [{ words: 'test faults' }],
    options: {
      KIND: value('latency', 'only these faults, separated by commas'),
      FOR: value('15s', 'how long each lasts'),
      ...json,
    },
  },
  drill: {
    group: 'operate',
    summary: 'rehearse the runbooks on a stack of their own, and time them',
    environment: 'required',
    cli: 'none',
    options: { ONLY: value('<runbook>', 'one of them') },
  },
  fault: {
    group: 'operate',
    summary: 'inject faults into requests for a while',
    environment: 'required',
    options: {
      KIND: value('latency', 'latency, error, upstream-cut or store-throttled'),
      ROUTE: value("'GET /a'", 'only into these routes'),
      PERCENT: value('100', 'of the requests'),
      FOR: value('2m', 'at most 60m'),
      LATENCY_MS: value('1000', 'for latency'),
      STATUS: value('503', 'for error'),
      OFF: flag('end the faults'),
    },
  },
  doctor: {
    group: 'operate',
    summary:
      'say what this machine, or the account of an environment, lacks; exit code 1: something',
    environment: 'optional',
    options: json,
  },
  upgrade: {
    group: 'operate',
    make: 'none',
    summary: 'install another version of Postern, and show what it would change',
    environment: 'optional',
    options: { TO: value('1.2.0', 'the version; the newest unless it is named') },
  },
  state: {
    group: 'operate',
    summary: 'list the kept versions of the Terraform state; make an older one current',
    environment: 'required',
    cli: [{ words: 'recover state' }],
    options: { RESTORE: value('<version>', 'make this version current') },
  },
  unlock: {
    group: 'operate',
    summary: 'show who holds the state lock; remove it if its holder is dead',
    environment: 'required',
    cli: [{ words: 'recover lock' }],
    options: {
      LOCK: value('<id>', 'remove this lock'),
      OLDER_THAN: value('1h', 'only if it is so old'),
    },
  },
  'restore-sessions': {
    group: 'operate',
    summary: 'restore the sessions as of a time into a new table',
    environment: 'required',
    cli: [{ words: 'recover sessions' }],
    options: { AT: required('<time>', 'in UTC, such as 2026-11-21T10:30:00Z') },
  },

  test: { group: 'contribute', cli: 'none', summary: 'run every check' },
  check: {
    group: 'contribute',
    cli: 'none',
    summary: 'run the fast checks, two to three minutes',
  },
  torture: {
    group: 'contribute',
    cli: 'none',
    summary: 'run the long, randomized forms of the tests',
    options: {
      PART: value('<part>', 'one of them'),
      SEED: value('1', 'the same cases again'),
      SCALE: value('0.01', 'more or fewer cases'),
    },
  },
  bench: {
    group: 'contribute',
    cli: 'none',
    summary: 'measure performance, side by side with peers',
    options: { QUICK: flag('in minutes, for a first impression') },
  },
  'lint-workflows': {
    group: 'contribute',
    cli: 'none',
    summary: 'lint the workflows of GitHub Actions',
  },
  audit: {
    group: 'contribute',
    cli: 'none',
    summary: 'list known vulnerabilities in the locked packages',
  },
  package: {
    group: 'contribute',
    cli: 'none',
    summary: 'pack the npm package, its SBOM and its checksums',
  },

  'compile-contract': { ...ofNpm, summary: 'compile the contract, without a zip' },
  'compile-package': { ...ofNpm, summary: 'compile what the npm package consists of' },
  'architecture-docs': { ...ofNpm, summary: 'write the folders into docs/architecture.md' },
  'command-docs': { ...ofNpm, summary: 'write the commands into the Makefile and docs' },
  'contract-docs': { ...ofNpm, summary: 'write docs/contract.md' },
  'terraform-docs': { ...ofNpm, summary: 'write the READMEs of the Terraform modules' },
} as const satisfies Readonly<Record<string, Declaration>>;

export type CommandName = keyof typeof commands;

export type EnvironmentArgument = 'ENV' | 'CONFIRM';

/** Those that work on an environment. */
export type EnvironmentCommandName = {
  [Name in CommandName]: (typeof commands)[Name] extends { readonly environment: 'required' }
    ? Name
    : never;
}[CommandName];

/** The names of a command's arguments. */
export type ArgumentNames<Name extends CommandName> =
  | ((typeof commands)[Name] extends { readonly options: infer Options }
      ? keyof Options & string
      : never)
  | ((typeof commands)[Name] extends { readonly environment: string }
      ? EnvironmentArgument
      : never);

export const argumentsOf = (name: CommandName): readonly string[] => {
  const { environment, options = {} }: Declaration = commands[name];
  const ofEnvironment: readonly EnvironmentArgument[] =
    environment === undefined ? [] : ['ENV', 'CONFIRM'];
  return [...ofEnvironment, ...Object.keys(options)];
};

/** The option of that name, of whichever command. */
export const optionNamed = (name: string): Option | undefined =>
  Object.values<Declaration>(commands)
    .map(({ options = {} }) => options[name])
    .find((option) => option !== undefined);

/** `REQUEST_ID` → `request-id`. */
export const dashed = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/** What follows `postern` for a command in make's form, and the settings of the shell among its arguments. */
export const cliArgumentsOf = (
  name: CommandName,
  args: ReadonlyArray<readonly [name: string, value: string]>,
): { readonly settings: readonly string[]; readonly words: readonly string[] } => {
  const { cli, options = {} }: Declaration = commands[name];
  const forms = cli === undefined || cli === 'none' ? [{ words: name }] : cli;
  const isGivenBy = ({ given = {} }: CliForm): boolean =>
    Object.entries(given).every(([key, value]) => args.some(([a, v]) => a === key && v === value));
  // The form that stands for the most arguments.
  const form: CliForm = forms.toReversed().find(isGivenBy) ?? { words: name };
  const settings: string[] = [];
  const positional: string[] = [];
  const named: string[] = [];
  for (const [key, value] of args) {
    const option = options[key];
    if (key === 'ENV') positional.unshift(value);
    else if (key === 'CONFIRM') named.push(`--yes ${value}`);
    else if (option === undefined) settings.push(`${key}=${value}`);
    else if (form.given?.[key] !== undefined) continue;
    else if (option.isPositional) positional.push(value);
    else if (option.isOn) named.push(`--no-${dashed(key)}`);
    else
      named.push(option.example === undefined ? `--${dashed(key)}` : `--${dashed(key)} ${value}`);
  }
  const flag = form.flag === undefined ? [] : [`--${form.flag}`];
  return { settings, words: [form.words, ...positional, ...flag, ...named] };
};
