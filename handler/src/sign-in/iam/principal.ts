export interface Principal {
  /** Of the AWS partition, account and name, without the session of an assumed role: `arn:aws:iam::…:role/orders`. */
  readonly arn: string;
  readonly account: string;
  /** Such as `role/orders`, `user/ci`, `federated-user/bob` or `root`. */
  readonly name: string;
}

/**
 * The caller that assumes a role chooses the name of the session: the principal is the role, so that no caller can
 * pretend to be another one. The paths of roles and users are left out, because the ARN of a session has none.
 * Undefined: not an ARN of a principal.
 */
export const principalOf = (arn: string): Principal | undefined => {
  const [, partition = '', account = '', rest = ''] = pattern.exec(arn) ?? [];
  const [kind = '', ...path] = rest.split('/');
  const name =
    kind === 'assumed-role' ? `role/${path[0] ?? ''}` : [kind, ...path.slice(-1)].join('/');
  return partition === '' || name.endsWith('/')
    ? undefined
    : { arn: `arn:${partition}:iam::${account}:${name}`, account, name };
};

const pattern = /^arn:([a-z-]+):(?:iam|sts)::(\d{12}):(\S+)$/;
