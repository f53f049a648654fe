import { filledList, valueReader } from '../../contract-values.ts';
import { type Exchange, matchOf } from '../../exchange.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { SignInMethod } from '../../parts.ts';
import type { IamPolicy } from './policy.ts';
import { principalOf } from './principal.ts';

declare module '../../contract.ts' {
  interface SignInNames {
    /** One for each security scheme: each has accounts and scopes of its own. */
    readonly [scheme: `iam:${string}`]: true;
  }
}

/**
 * Callers whose signature API Gateway has verified, on a route with AWS_IAM that Terraform makes of the contract. The two
 * match paths by rules of their own: API Gateway must have authorized the very route that the gateway has matched, and
 * a request by `$default` is never admitted.
 */
export const iamSignIn =
  (policy: IamPolicy): SignInMethod =>
  (reader) => {
    const accounts = new Set(filledList(policy.accounts, valueReader(reader)));
    const isOpen = policy.accounts.length === 0;
    return () => ({
      authenticate: async (exchange) => {
        const { userArn, cognitoIdentity } = exchange.platform?.authorizer?.iam ?? {};
        if (!userArn) throw missing();
        if (exchange.platform?.routeKey !== routeKeyOf(exchange))
          throw invalid('API Gateway has authorized another route than the matched one');
        const principal = principalOf(userArn);
        if (principal === undefined) throw invalid('API Gateway names no principal of IAM');
        if (!isOpen && !accounts.has(principal.account))
          throw invalid('the account is not one of the contract’s');
        // All identities of a pool have one role.
        const userId = cognitoIdentity?.identityId ?? principal.arn;
        const scopes = Object.hasOwn(policy.scopes, principal.name)
          ? policy.scopes[principal.name]
          : [];
        const caller = { userId, roles: [], scopes };
        exchange.claims = caller;
        exchange.session = Promise.resolve(caller);
      },
      checks: {},
    });
  };

/** As `terraform/modules/api` names the route. */
const routeKeyOf = (exchange: Exchange): string =>
  `${exchange.request.method} ${matchOf(exchange).route.path}`;

/** RFC 9110 §11.6.1. The scheme is the one of signature version 4. */
const challenge = { 'www-authenticate': 'AWS4-HMAC-SHA256' };

const missing = (): GatewayError =>
  new GatewayError('CREDENTIALS_MISSING', {
    detail: 'Sign the request with AWS Signature Version 4 for the service execute-api.',
    headers: challenge,
    note: 'the request did not come by a route of API Gateway with AWS_IAM: the path is spelled in another way, or the routes are not applied yet',
  });

const invalid = (note: string): GatewayError =>
  new GatewayError('CREDENTIALS_INVALID', {
    detail: 'Sign the request by a principal that this API accepts.',
    headers: challenge,
    note,
  });
