import { literal } from '../../../compiler/code.ts';
import { contractPart, type Said } from '../../../compiler/contract-part.ts';
import { valueNames } from '../../contract-values.ts';
import { apiRoutesOf, canBeRoute, isPreferred } from './api-routes.ts';
import type { IamPolicy } from './policy.ts';

const errors = ['CREDENTIALS_MISSING', 'CREDENTIALS_INVALID'] as const;

const iam = {
  type: 'object',
  additionalProperties: false,
  properties: {
    accounts: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'string',
        pattern: String.raw`^(\d{12}|\$\{\w+\})$`,
        errorMessage: 'must be an account’s 12 digits in quotes, or a value such as "${accounts}"',
      },
      description:
        'The accounts whose principals may call; default: all. Texts can be values `${name}` of the tfvars, each one or several with commas.',
      examples: ["['123456789012']"],
    },
    scopes: {
      type: 'object',
      propertyNames: {
        pattern: '^((role|user|federated-user)/[A-Za-z0-9+=,.@_-]+|root)$',
        errorMessage:
          'must be a principal without account and path, such as "role/orders" or "user/ci"',
      },
      additionalProperties: { type: 'array', items: { type: 'string' } },
      description:
        'The scopes of principals, which the lists in `security` are compared with. Others have none.',
      examples: ['{ role/orders: [orders:read] }'],
    },
  },
  examples: ['{}', '{ scopes: { role/orders: [orders:read] } }'],
  description:
    'Roles and users of AWS that sign their requests (Signature Version 4); API Gateway verifies the signature and their permission.',
} as const;

export default contractPart({
  folder: 'sign-in/iam',
  signIn: iam,
  signInBy: 'scheme',
  compile: ({ schemes, routes, report }) => {
    const methods = new Set(schemes.map(({ method }) => method));
    const isSigned = (needed: object): boolean =>
      Object.keys(needed).some((method) => methods.has(method));
    const needing = routes.filter(
      ({ plan: { access } }) =>
        access.kind === 'signed-in' && access.alternatives.some((each) => isSigned(each)),
    );
    const others = routes.filter((route) => !needing.includes(route)).map(({ plan }) => plan);
    for (const { plan, operation } of needing) {
      const { access, id, path } = plan;
      const place = operation?.place ?? ['x-postern', 'builtIn'];
      const at = operation?.operation.security === undefined ? place : [...place, 'security'];
      if (access.kind === 'signed-in' && !access.alternatives.every((each) => isSigned(each)))
        report(
          at,
          `API Gateway wants a signature of every request for ${id}, whatever its alternatives — give those a path of their own`,
        );
      if (!canBeRoute(path))
        report(
          at,
          `API Gateway cannot have a route ${id}, which it needs for signatures — make each parameter a whole segment`,
        );
      const hidden = others.find((other) => isPreferred(other, plan) && !canBeRoute(other.path));
      if (hidden !== undefined)
        report(
          at,
          `API Gateway would want a signature for ${hidden.id} as well, because it cannot tell its paths from those of ${id} — change one of the paths`,
        );
    }
    const used = schemes.filter(({ method }) =>
      needing.some(
        ({ plan: { access } }) =>
          access.kind === 'signed-in' && access.alternatives.some((each) => method in each),
      ),
    );
    if (used.length === 0) return () => ({});
    const signed = new Set(needing.map(({ plan: { id } }) => id));
    const policies = used.map(({ method, value }) => [method, policyOf(value)] as const);
    const values = [...new Set(policies.flatMap(([, { accounts }]) => valueNames(accounts)))];
    return ({ use }) => ({
      signIn: Object.fromEntries(
        policies.map(([method, policy]) => [
          method,
          `${use('iamSignIn', 'iam-sign-in.ts')}(${literal(policy)})`,
        ]),
      ),
      feature: use('withoutSignature', 'without-signature.ts'),
      features: {
        platformIdentity: use('platformIdentity', '../../pipeline/platform-identity.ts'),
      },
      responses: (id) => (signed.has(id) ? { errors } : {}),
      values,
      functionValues: values,
      summary: {
        api_routes: apiRoutesOf(
          needing.map(({ plan }) => plan),
          others,
        ),
      },
    });
  },
});

const policyOf = ({ accounts = [], scopes = {} }: Said<typeof iam>): IamPolicy => ({
  accounts: accounts.filter((account) => account !== undefined),
  scopes: Object.fromEntries(
    Object.entries(scopes).map(([name, list]) => [
      name,
      (list ?? []).filter((scope) => scope !== undefined),
    ]),
  ),
});
