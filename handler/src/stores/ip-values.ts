import { filledList, valueVariable } from '../contract-values.ts';
import { readIpRange } from '../http/ip-range.ts';
import type { IpRules } from '../http/ip-filter.ts';
import type { StoreKind } from '../parts.ts';

/** What names such as `${office}` stand for in this environment: addresses and ranges, or none. */
export type IpValues = Readonly<Record<string, string>>;

declare module '../parts.ts' {
  interface Stores {
    /** No store, but known before the gateway starts in the same way: only contracts with such addresses have it. */
    readonly ipValues?: IpValues;
  }
  interface FeatureTools {
    readonly ipValues?: IpValues;
  }
}

/** A value that is missing or empty stands for no address; one that is no list of addresses is a misconfiguration. */
export const ipValues =
  (names: readonly string[]): StoreKind<IpValues> =>
  ({ read }) => {
    const store = Object.fromEntries(
      names.map((name) => [
        name,
        read(valueVariable(name), 'addresses or CIDR ranges, separated by commas', ranges, ''),
      ]),
    );
    return () => ({ store, checks: {} });
  };

const ranges = (text: string): string | undefined =>
  filledList([text], () => '').every((entry) => !('problem' in readIpRange(entry)))
    ? text
    : undefined;

/** The rules with the values in place of their names. */
export const withIpValues = ({ allow, deny }: IpRules, values: IpValues = {}): IpRules => {
  const fill = (texts: readonly string[] | undefined) =>
    texts && filledList(texts, (name) => values[name] ?? '');
  return { allow: fill(allow), deny: fill(deny) };
};
