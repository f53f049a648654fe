import { isSecretArn } from '../../aws/secret-arn.ts';

export interface ProxySettings {
  /** Of the header in which the proxy sends its secret, in lower case. */
  readonly headerName: string;
  readonly secretArn: string;
}

const headerVariable = 'GATEWAY_TRUSTED_PROXY_HEADER';
const arnVariable = 'GATEWAY_TRUSTED_PROXY_SECRET_ARN';

/** A header of the operator's own: the gateway removes it, so it must be none that clients, AWS or the gateway use. */
const ownHeader = /^x-(?!amz|edge-|forwarded-|user-|request-id$)[a-z0-9-]{1,60}$/;

/** Undefined if there is no proxy. Adds what is wrong to the misconfigurations. */
export const readProxySettings = (
  variables: Readonly<Record<string, string | undefined>>,
  misconfigurations: string[],
): ProxySettings | undefined => {
  const headerName = variables[headerVariable];
  const secretArn = variables[arnVariable];
  if (!headerName && !secretArn) return undefined;
  if (!headerName || !secretArn) {
    misconfigurations.push(
      `${headerVariable} and ${arnVariable} belong together: set both or none`,
    );
    return undefined;
  }
  if (!ownHeader.test(headerName))
    misconfigurations.push(`${headerVariable} is not a name of your own, such as x-origin-secret`);
  if (!isSecretArn(secretArn))
    misconfigurations.push(`${arnVariable} is not the ARN of a Secrets Manager secret`);
  return { headerName, secretArn };
};
