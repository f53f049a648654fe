/** Whether it is the whole ARN of a secret in Secrets Manager, in any partition. */
export const isSecretArn = (text: string): boolean =>
  /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d+:secret:\S+$/.test(text);
