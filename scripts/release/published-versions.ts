import { type LambdaClient, paginateListVersionsByFunction } from '@aws-sdk/client-lambda';

export interface PublishedVersion {
  readonly version: string;
  /** SHA-256 of its zip, in hex. */
  readonly sha256: string;
}

/** Published last; which version serves is the alias's to say. */
export const newestVersion = async (
  lambda: LambdaClient,
  functionName: string,
): Promise<PublishedVersion> => {
  const published: PublishedVersion[] = [];
  const pages = paginateListVersionsByFunction({ client: lambda }, { FunctionName: functionName });
  for await (const { Versions: versions = [] } of pages) {
    for (const { Version: version = '', CodeSha256: sha256 = '' } of versions) {
      if (version !== '$LATEST') published.push({ version, sha256: inHex(sha256) });
    }
  }
  const newest = published.reduce<PublishedVersion | undefined>(
    (latest, one) => (Number(one.version) > Number(latest?.version ?? 0) ? one : latest),
    undefined,
  );
  if (newest === undefined) throw new Error(`${functionName} has no published version`);
  return newest;
};

const inHex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
