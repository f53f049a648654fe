import {
  GetFunctionConfigurationCommand,
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

/** Undefined if there is none, or no function: a failed apply may have written only its name. */
export const findNewestVersion = async (
  lambda: LambdaClient,
  functionName: string,
): Promise<PublishedVersion | undefined> => {
  let newest: PublishedVersion | undefined;
  try {
    const pages = paginateListVersionsByFunction(
      { client: lambda },
      { FunctionName: functionName },
    );
    for await (const { Versions: versions = [] } of pages) {
      for (const { Version: version = '', CodeSha256: base64 = '' } of versions) {
        // False for $LATEST, which is no number.
        if (!(Number(version) > Number(newest?.version ?? 0))) continue;
        newest = { version, sha256: Buffer.from(base64, 'base64').toString('hex') };
      }
    }
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
  return newest;
};

/** What a version was published with, and cannot do without: no apply changes it. */
export interface VersionSettings {
  readonly version: string;
  readonly sessionTable: string | undefined;
  /** The tables beside that of sessions. */
  readonly furtherTables: readonly string[];
  readonly keyArn: string | undefined;
}

export const versionSettings = async (
  lambda: Pick<LambdaClient, 'send'>,
  functionName: string,
  version: string,
): Promise<VersionSettings> => {
  const { Environment: environment, KMSKeyArn: keyArn } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: version }),
  );
  const { GATEWAY_SESSION_TABLE_NAME: sessionTable, ...others } = environment?.Variables ?? {};
  const furtherTables = Object.entries(others).flatMap(([name, table]) =>
    /^GATEWAY_[A-Z]+_TABLE_NAME$/.test(name) ? [table] : [],
  );
  return { version, sessionTable, furtherTables, keyArn };
};

/** The tables that these versions read sessions from: more than one while a restored table is released. */
export const sessionTablesOf = async (
  lambda: Pick<LambdaClient, 'send'>,
  functionName: string,
  versions: readonly string[],
): Promise<readonly string[]> => {
  const settings = await Promise.all(
    versions.map((version) => versionSettings(lambda, functionName, version)),
  );
  return [...new Set(settings.flatMap(({ sessionTable }) => sessionTable ?? []))];
};
