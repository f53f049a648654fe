/** What the contract says about the webhooks of one security scheme. */
export interface WebhookPolicy {
  /** The name of the security scheme, for the log. */
  readonly scheme: string;
  /** The name of the value with the ARN of the secret. */
  readonly secret: string;
  /** The caller. */
  readonly consumer: string;
  /** How far the time of a webhook may differ from the gateway's, if its scheme has one. */
  readonly toleranceSeconds: number;
}
