/** What the forwarder tells the access log of its call. */
export interface UpstreamCall {
  name?: string;
  /** First byte sent to last byte received, over all attempts. */
  durationMs?: number;
  attempts?: number;
}
