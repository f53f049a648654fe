import type { SettingsReader } from '../environment.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly text: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** What comes after the account, such as `function:quotes:live`. */
  readonly resource: string;
}

interface Wanted {
  /** What the ARN names, such as `a Lambda function`. */
  readonly what: string;
  readonly service: string;
  readonly resource: RegExp;
  readonly example: string;
}

/** The ARN in an environment variable. Of another service, or of another region than the gateway's: a misconfiguration. */
export const readArn = (
  { read, variables }: SettingsReader,
  variable: string,
  { what, service, resource, example }: Wanted,
): Arn => {
  const region = variables['AWS_REGION'] ?? '';
  return read(
    variable,
    `the ARN of ${what} in the gateway's own region, such as ${example}`,
    (text) => {
      const arn = parseArn(text);
      const isWanted =
        arn?.service === service &&
        resource.test(arn.resource) &&
        [region, ''].includes(arn.region);
      return isWanted ? arn : undefined;
    },
  );
};

/** Undefined: no ARN. */
export const parseArn = (text: string): (Arn & { readonly service: string }) | undefined => {
  const [, partition, service, region, accountId, resource] =
    /^arn:([a-z-]+):([a-z0-9-]+):([a-z0-9-]*):(\d*):(\S+)$/.exec(text) ?? [];
  if (!partition || !service || !resource) return undefined;
  return { text, partition, service, region: region ?? '', accountId: accountId ?? '', resource };
};
