/** What a partner sends; the contract has checked it. */
export interface NewOrder {
  readonly order_id: string;
  readonly items: ReadonlyArray<{ readonly sku: string; readonly quantity: number }>;
  /** In cents. */
  readonly amount: number;
  readonly payment_token: string;
  readonly ship_to: {
    readonly name: string;
    readonly street: string;
    readonly city: string;
    readonly country: string;
  };
}

/** The message that the gateway puts into the queue, and the input of the workflow. */
export interface PlacedOrder {
  readonly partner: string;
  readonly order: NewOrder;
}

/** What the table has of an order. */
export interface StoredOrder extends Pick<NewOrder, 'order_id' | 'items' | 'amount'> {
  readonly status: 'PLACED' | 'COMPLETED' | 'REJECTED';
  /** Of a rejected order: the name of the failure. */
  readonly reason?: string;
  readonly placed_at: string;
  /** Of the whole order as it was sent. */
  readonly digest: string;
}

/** Throws if the environment variable is missing. */
export const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};
