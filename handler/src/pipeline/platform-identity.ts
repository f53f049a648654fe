import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Feature } from '../parts.ts';

/**
 * Keeps what API Gateway itself says of the caller, for the sign-in methods that need it: the client's certificate, or
 * who signed the request. No client can write it.
 */
export const platformIdentity: Feature = () => ({
  before: ({ event, context: { exchange } }) => {
    exchange.platform = (event as APIGatewayProxyEventV2).requestContext;
  },
});
