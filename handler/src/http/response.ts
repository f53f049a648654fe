/** A response before it is encoded for API Gateway. */
export interface GatewayResponse {
  readonly statusCode: number;
  /** Names in lower case. `set-cookie` is not among them. */
  readonly headers: Record<string, string>;
  /** Whole `Set-Cookie` values, one each. */
  readonly cookies?: readonly string[];
  readonly body?: Buffer | string;
}

/** A response in API Gateway's form: the result of the function. */
export interface GatewayResult extends GatewayResponse {
  readonly body?: string;
  readonly isBase64Encoded?: true;
}

/** What the platform can send to a client. */
export interface ResponseLimits {
  /** A larger body cannot be sent in any form. */
  readonly maxBodyBytes: number;
  /** Whether headers, cookies and the encoded body are within the limits. */
  accepts(response: GatewayResponse & { readonly body: Buffer }): boolean;
}
