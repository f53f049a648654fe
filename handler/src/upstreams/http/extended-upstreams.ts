import type { ForwardInput, UpstreamKind } from '../../parts.ts';
import type { Extension } from './credentials/extension.ts';
import { httpUpstreams } from './http-upstreams.ts';

/**
 * HTTP services, some of which have extensions, by their names. The first extension is the nearest to the connections:
 * it sees requests as the later ones have changed them.
 */
export const extendedHttpUpstreams =
  (extensions: Readonly<Record<string, readonly Extension[]>>): UpstreamKind<'http'> =>
  (contract, reader) => {
    const start = (isOwn: (name: string) => boolean) => {
      const upstreams = Object.entries(contract.upstreams).filter(([name]) => isOwn(name));
      return httpUpstreams({ ...contract, upstreams: Object.fromEntries(upstreams) }, reader);
    };
    const startOthers = start((name) => !Object.hasOwn(extensions, name));
    const own = Object.entries(extensions).filter(([name]) => name in contract.upstreams);
    const opened = own.map(([name, list]) => ({
      name,
      start: start((each) => each === name),
      open: list.map((extension) => extension(reader)),
    }));
    return (tools) => {
      const others = startOthers(tools);
      const byName = new Map(
        opened.map((upstream) => {
          const { name } = upstream;
          const extended = upstream.open.map((open) => open(tools, name));
          const connect = extended.reduce((inner, each) => each.connect(inner), tools.connect);
          const forwarder = upstream.start({ ...tools, connect });
          const forward = extended.reduce(
            (next, { around }) =>
              around === undefined ? next : (input) => around(input, () => next(input)),
            (input: ForwardInput<'http'>) => forwarder.forward(input),
          );
          return [name, forward];
        }),
      );
      return {
        forward: (input) => {
          const forward = byName.get(input.target.upstream);
          return forward === undefined ? others.forward(input) : forward(input);
        },
      };
    };
  };
