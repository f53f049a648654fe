import { emitList, literal } from '../../../compiler/code.ts';
import { contractPart, type Code } from '../../../compiler/contract-part.ts';
import {
  checkIpRules,
  type IpRulesSection,
  ipRulesSchema,
  ipValueNames,
  readIpRules,
} from '../../../compiler/ip-rules.ts';

export default contractPart({
  folder: 'features/ip-rules',
  route: {
    ipRules: {
      if: { const: false },
      else: ipRulesSchema,
      default: false,
      description:
        'Which addresses may call; `false`: all. The defaults are also those of the gateway’s own routes, except `/health`.',
    },
  },
  compile: ({ document, routes, defaults, nearest, everywhere, report }) => {
    for (const { value, path } of everywhere('ipRules'))
      if (value !== false) checkIpRules(value, path, report);
    const byRoute = new Map(
      routes.map(({ plan, operation }) => {
        // Deployments and monitors call `/health`, from addresses of their own.
        const isHealth = plan.target.kind === 'built-in' && plan.target.name === 'health';
        const ofBuiltIn = isHealth ? false : defaults.ipRules;
        return [
          plan.id,
          compiled(operation === undefined ? ofBuiltIn : nearest(operation, 'ipRules')?.value),
        ];
      }),
    );
    const rules = [...new Set(byRoute.values())].filter((code) => code !== undefined);
    if (rules.length === 0) return () => ({});
    const values = ipValueNames(document);
    return ({ use, useStore }) => ({
      feature: use('ipRules', 'ip-rules.ts'),
      ...(values.length > 0 && {
        stores: { ipValues: `${useStore('ipValues', 'ip-values.ts')}(${literal(values)})` },
      }),
      statements: [`const routeIpRules = ${emitList(rules)};`],
      route: (id) => {
        const code = byRoute.get(id);
        return code === undefined ? {} : { ipRules: `routeIpRules[${rules.indexOf(code)}]` };
      },
      responses: (id) => (byRoute.get(id) === undefined ? {} : { errors: ['IP_DENIED'] }),
      values,
      functionValues: values,
    });
  },
});

/** As JSON, so that equal rules are one. */
const compiled = (rules: IpRulesSection | false | undefined): Code | undefined =>
  rules === undefined || rules === false ? undefined : literal(readIpRules(rules));
