/** The type of what a JSON Schema describes, as far as a plugin's options need it; `unknown` beyond. */
export type OptionsOf<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: ReadonlyArray<infer E> }
    ? E
    : S extends { readonly type: 'object'; readonly properties: infer P }
      ? Simplified<Given<P, AlwaysIn<S, P>> & Partial<Given<P, Exclude<keyof P, AlwaysIn<S, P>>>>>
      : S extends { readonly type: 'object'; readonly additionalProperties: infer V extends object }
        ? Readonly<Record<string, OptionsOf<V>>>
        : S extends { readonly type: 'array'; readonly items: infer I }
          ? ReadonlyArray<OptionsOf<I>>
          : S extends { readonly type: infer T extends keyof Scalars }
            ? Scalars[T]
            : unknown;

type Given<P, K> = { readonly [N in keyof P & K]: OptionsOf<P[N]> };

/** The properties that are required or have a default. */
type AlwaysIn<S, P> =
  | (S extends { readonly required: ReadonlyArray<infer R> } ? R & keyof P : never)
  | { [N in keyof P]: P[N] extends { readonly default: unknown } ? N : never }[keyof P];

type Simplified<T> = { [K in keyof T]: T[K] };

interface Scalars {
  readonly string: string;
  readonly integer: number;
  readonly number: number;
  readonly boolean: boolean;
  readonly null: null;
}
