/** What a release may be handed: the bundle with something put before or behind it. */
export interface Build {
  readonly name: string;
  /** Words of the fault that stops it; absent: it is a good build. */
  readonly stoppedBy?: string;
  readonly before?: string;
  /** Has the sound handler as `sound`, and gives the one to use instead. */
  readonly handler?: string;
}

export const builds: readonly Build[] = [
  { name: 'another good build', before: '/* only its bytes differ */' },
  {
    name: 'throws at its start',
    before: 'throw new Error("seeded");',
    stoppedBy: 'does not start',
  },
  {
    name: 'throws on one route',
    handler: `async (event, context) => {
      if (event.rawPath.endsWith('/api/v1/products')) throw new Error('seeded');
      return sound(event, context);
    }`,
    stoppedBy: 'GET /api/v1/products without a token: the function crashed',
  },
  {
    name: '300 ms slower',
    handler: `async (event, context) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return sound(event, context);
    }`,
    stoppedBy: 'slower by',
  },
  {
    name: 'leaks an internal header',
    handler: `async (event, context) => {
      const result = await sound(event, context);
      return { ...result, headers: { ...result.headers, 'x-user-roles': 'user' } };
    }`,
    stoppedBy: 'leaks the internal header x-user-roles',
  },
];

/** The bundle is CommonJS whose exports are read-only: they are replaced as a whole. */
export const bundleOf = (bundle: string, { before = '', handler }: Build): string =>
  [
    before,
    bundle,
    ...(handler === undefined
      ? []
      : [`const sound = module.exports.handler; module.exports = { handler: ${handler} };`]),
  ].join('\n');
