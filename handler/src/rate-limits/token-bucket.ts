/** The limiter's answer for one request. */
export type RateLimitDecision =
  | {
      readonly allowed: true;
      readonly remaining: number;
      readonly resetSeconds: number;
    }
  | {
      readonly allowed: false;
      readonly remaining: 0;
      readonly resetSeconds: number;
      readonly retryAfterSeconds: number;
    };
