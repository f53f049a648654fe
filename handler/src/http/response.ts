/** A response before it is put into API Gateway's form. */
export interface GatewayResponse {
  readonly statusCode: number;
  /** Names in lower case. `set-cookie` is not among them. */
  readonly headers: Record<string, string>;
  /** Whole `Set-Cookie` values, one each. */
  readonly cookies?: readonly string[];
  readonly body?: Buffer | string;
}
