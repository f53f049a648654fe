import {
  type LambdaClient,
  paginateListVersionsByFunction,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';

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
  const newest = await findNewestVersion(lambda, functionName);
  if (newest === undefined) throw new Error(`${functionName} has no published version`);
  return newest;
};

/** Undefined where there is none, nor even a function: an apply that failed may have come so far as to name it. */
export const findNewestVersion = async (
  lambda: LambdaClient,
  functionName: string,
): Promise<PublishedVersion | undefined> => {
  try {
    return newestOf(await publishedVersions(lambda, functionName));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};

const publishedVersions = async (
  lambda: LambdaClient,
  functionName: string,
): Promise<readonly PublishedVersion[]> => {
  const published: PublishedVersion[] = [];
  const pages = paginateListVersionsByFunction({ client: lambda }, { FunctionName: functionName });
  for await (const { Versions: versions = [] } of pages) {
    for (const { Version: version = '', CodeSha256: sha256 = '' } of versions) {
      if (version !== '$LATEST') published.push({ version, sha256: inHex(sha256) });
    }
  }
  return published;
};

const newestOf = (published: readonly PublishedVersion[]): PublishedVersion | undefined =>
  published.reduce<PublishedVersion | undefined>(
    (latest, one) => (Number(one.version) > Number(latest?.version ?? 0) ? one : latest),
    undefined,
  );

const inHex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
