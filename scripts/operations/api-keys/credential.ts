/** What a credential for programs is made for, of any kind. */
export interface CredentialRequest {
  readonly consumer: string;
  readonly plan?: string | undefined;
  readonly scopes: readonly string[];
  /** Undefined: it does not expire. */
  readonly lifetimeSeconds?: number | undefined;
}

/** An item of the credentials table; times are epoch seconds. */
export interface CredentialItem {
  readonly credential_id: string;
  readonly consumer: string;
  readonly plan?: string;
  readonly scopes: readonly string[];
  readonly secret_hash: string;
  readonly created_at: number;
  readonly expires_at?: number;
  readonly ttl?: number;
  readonly last_used_at?: number;
}

/** How long an expired credential stays in the list. */
const keptSeconds = 30 * 24 * 3_600;

/** What makes a credential expire: DynamoDB deletes its item later. */
export const expiry = (atSeconds: number) => ({
  expires_at: atSeconds,
  ttl: atSeconds + keptSeconds,
});

export const newItem = (
  secret: Pick<CredentialItem, 'credential_id' | 'secret_hash'>,
  { consumer, plan, scopes, lifetimeSeconds }: CredentialRequest,
  nowSeconds: number,
): CredentialItem => ({
  ...secret,
  consumer,
  ...(plan !== undefined && { plan }),
  scopes,
  created_at: nowSeconds,
  ...(lifetimeSeconds !== undefined && expiry(nowSeconds + lifetimeSeconds)),
});

export interface RotationOptions {
  /** How long the former credential stays valid. */
  readonly graceSeconds: number;
  /** Of the new one; undefined: as long as the former one had. */
  readonly lifetimeSeconds: number | undefined;
  readonly nowSeconds: number;
}

/** A credential for the same as the former one, and when that one ends: never later than it would have. */
export const successorOf = (
  { consumer, plan, scopes, created_at: createdAt, expires_at: expiresAt }: CredentialItem,
  { graceSeconds, lifetimeSeconds, nowSeconds }: RotationOptions,
): { readonly request: CredentialRequest; readonly formerEndsAtSeconds: number } => {
  const usual = expiresAt === undefined ? undefined : Math.max(1, expiresAt - createdAt);
  return {
    request: { consumer, plan, scopes, lifetimeSeconds: lifetimeSeconds ?? usual },
    formerEndsAtSeconds: Math.min(expiresAt ?? Number.POSITIVE_INFINITY, nowSeconds + graceSeconds),
  };
};
