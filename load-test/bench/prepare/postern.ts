import { unzipSync } from 'fflate';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { examplePlaces } from '../../../scripts/stack/build/build-places.ts';
import { buildZip, switchedFeatures } from '../../../scripts/stack/build/build-zip.ts';
import { projectFolder } from '../../../scripts/stack/command-line/folders.ts';
import type { Candidate, CandidateName } from '../candidates.ts';
import { benchFolder, workFolder } from '../folders.ts';
import { nodeCommand } from './node-command.ts';

type Parts = NonNullable<Parameters<typeof buildZip>[1]>;

/** The zip that Lambda is sent, through the small client for AWS and through the SDK. */
export const preparePostern = async (): Promise<readonly Candidate[]> => [
  await prepare('postern', 'Postern', examplePlaces, { awsClient: 'postern' }),
  await prepare('postern_sdk', 'Postern, AWS SDK', examplePlaces, { awsClient: 'sdk' }),
];

/** One public route without limits, and the example with all that a contract and an environment can switch on. */
export const prepareContracts = async (): Promise<readonly Candidate[]> => {
  const example = parseDocument(readFileSync(examplePlaces.contractFile, 'utf8'));
  example.setIn(['x-postern', 'failureLimit'], {});
  const smallest = readFileSync(join(benchFolder, 'prepare/smallest.yaml'), 'utf8');
  return [
    await prepare('smallest', 'the smallest', placesFor('smallest', smallest), {}),
    await prepare('everything', 'everything on', placesFor('everything', String(example)), {
      switchedOn: switchedFeatures,
    }),
  ];
};

/** The smallest contract with a Lambda function in place of the service. */
export const prepareSmallestLambda = (): Promise<Candidate> => {
  const contract = readFileSync(join(benchFolder, 'prepare/smallest.yaml'), 'utf8');
  const places = placesFor('smallest-lambda', contract.replace('http: {}', 'lambda: {}'));
  return prepare('smallest_lambda', 'the smallest, to a function', places, {});
};

const placesFor = (name: string, contract: string) => {
  const folder = join(workFolder, `contract-${name}`);
  const contractFile = join(folder, 'gateway.yaml');
  mkdirSync(folder, { recursive: true });
  writeFileSync(contractFile, contract);
  const generatedFolder = join(projectFolder, 'handler/generated', `bench-${name}`);
  const outFolder = join(folder, 'out');
  const summaryFile = join(outFolder, 'contract.json');
  return { ...examplePlaces, contractFile, generatedFolder, outFolder, summaryFile };
};

/** A new build, unpacked as Lambda does. */
const prepare = async (
  name: CandidateName,
  title: string,
  places: typeof examplePlaces,
  parts: Parts,
): Promise<Candidate> => {
  const { path, bytes } = await buildZip(places, { awsClient: 'postern', ...parts });
  const files = unzipSync(readFileSync(path));
  const folder = join(workFolder, name);
  rmSync(folder, { recursive: true, force: true });
  for (const [fileName, content] of Object.entries(files)) {
    const file = join(folder, fileName);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return { ...posternIn(folder, bytes), name, title };
};

export const posternIn = (folder: string, zipBytes: number): Candidate => ({
  name: 'postern',
  title: 'Postern',
  kind: 'postern',
  command: nodeCommand(join(folder, 'index.js')),
  zipBytes,
});

/** The upstreams whose URLs its environment must name. */
export const upstreamsOfContract = (): readonly string[] => {
  const file = join(examplePlaces.outFolder, 'contract.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { upstreams: readonly string[] }).upstreams;
};
