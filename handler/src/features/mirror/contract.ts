import { emitObject, literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import { readDuration, timeoutRange } from '../../../compiler/duration.ts';
import { suggestion } from '../../../compiler/nearest.ts';
import type { Permission } from '../../../compiler/permissions.ts';
import { kindOf, planMirror } from './compile/plan-mirror.ts';
import type { MirrorPlan } from './mirror.ts';
import { mirror } from './compile/mirror-key.ts';

export default contractPart({
  folder: 'features/mirror',
  route: { mirror },
  compile: ({ document, routes, everywhere, report }) => {
    const upstreams = document['x-postern']?.upstreams ?? {};
    for (const { value, path } of everywhere('mirror')) {
      if (value === false) continue;
      const { upstream = '', percent = 1 } = value;
      readDuration(value.timeout, timeoutRange, [...path, 'timeout'], report);
      if (Math.abs(percent * 10 - Math.round(percent * 10)) > 1e-9)
        report([...path, 'percent'], `${percent} is no multiple of 0.1`);
      if (!Object.hasOwn(upstreams, upstream))
        report(
          [...path, 'upstream'],
          `unknown upstream "${upstream}"${suggestion(upstream, Object.keys(upstreams))}`,
        );
      else if (kindOf(upstreams[upstream]) === undefined)
        report(
          [...path, 'upstream'],
          `"${upstream}" would keep the copy: a mirror is an upstream of the kind http or lambda`,
        );
    }
    const byRoute = new Map<string, MirrorPlan>();
    for (const route of routes) {
      const plan = planMirror(document, route, report);
      if (plan !== undefined) byRoute.set(route.plan.id, plan);
    }
    if (byRoute.size === 0) return () => ({});
    return ({ use }) => ({
      // All kinds of upstream share one bound.
      statements: [`const withMirror = ${use('mirroring', 'mirror.ts')}();`],
      aroundUpstreams: 'withMirror',
      permissions: [...byRoute.values()].flatMap(({ target: { kind, upstream } }): Permission[] =>
        kind === 'lambda' ? [{ upstream, actions: ['lambda:InvokeFunction'] }] : [],
      ),
      route: (id) => {
        const plan = byRoute.get(id);
        if (plan === undefined) return {};
        const { permille, target } = plan;
        const members = { permille: literal(permille), target: literal(target) };
        return { mirror: emitObject(members) };
      },
    });
  },
});
