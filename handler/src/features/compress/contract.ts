import { contractPart } from '../../../compiler/contract-part.ts';

export default contractPart({
  folder: 'features/compress',
  route: {
    compress: {
      type: 'boolean',
      default: false,
      description:
        'Whether the gateway compresses responses by Brotli or gzip. It costs CPU time: prefer an upstream that does.',
    },
  },
  compile: ({ operations, nearest }) => {
    const compressed = new Set(
      operations
        .filter((operation) => nearest(operation, 'compress')?.value === true)
        .map(({ id }) => id),
    );
    if (compressed.size === 0) return () => ({});
    return ({ use }) => ({
      feature: use('compress', 'compress.ts'),
      route: (id) => (compressed.has(id) ? { compress: 'true' } : {}),
    });
  },
});
