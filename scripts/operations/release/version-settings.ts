import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** What a version was published with, and cannot do without: no apply changes it. */
export interface VersionSettings {
  readonly version: string;
  readonly sessionTable: string | undefined;
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
  const sessionTable = environment?.Variables?.['GATEWAY_SESSION_TABLE_NAME'];
  return { version, sessionTable, keyArn };
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
