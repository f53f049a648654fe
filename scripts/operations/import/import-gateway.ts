import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { compileContract } from '../../../handler/compiler/compile-contract.ts';
import { readYaml } from '../../../handler/compiler/source/yaml-source.ts';
import { describeProblems, readFileOf } from '../../stack/build/compile-file.ts';
import { asTyped } from '../../stack/command-line/as-typed.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { isRepository, projectFolder } from '../../stack/command-line/folders.ts';
import { fromAws, isAwsExport } from './from-aws.ts';
import { fromKong } from './from-kong.ts';
import { fromKrakend } from './from-krakend.ts';
import { fromOpenapi } from './from-openapi.ts';
import { fromSam } from './from-sam.ts';
import { type Imported, type Section, sectionOf } from './gateway-draft.ts';

interface Order {
  /** One, or several OpenAPI documents. */
  readonly files: readonly string[];
  readonly out: string;
  readonly overwrites: boolean;
  /** The project; the one at hand unless another is named. */
  readonly folder?: string;
}

/** Writes a contract that compiles, or throws a `CommandError` and writes nothing. */
export const importGateway = async ({
  files,
  out,
  overwrites,
  folder = projectFolder,
}: Order): Promise<Imported> => {
  const name = relative(folder, out);
  if (existsSync(out) && !overwrites)
    throw new CommandError(
      `${name} exists. Name another file, OUT=<file>, or overwrite it: OVERWRITE=1`,
    );
  const imported = convert(await Promise.all(files.map(read)), out);
  const text = describeContract(
    imported,
    files.map((file) => basename(file)),
  );
  const compilation = compileContract(text, {
    file: name,
    runtime: '.',
    readFile: readFileOf(folder),
  });
  if (!compilation.ok)
    throw new CommandError(describeProblems(compilation.problems, `${name} was not written`));
  await writeFile(out, text);
  return imported;
};

interface ReadFile {
  readonly file: string;
  readonly value: Section;
}

const read = async (file: string): Promise<ReadFile> => {
  const name = relative(projectFolder, file);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`${name} cannot be read (${(cause as Error).message}).`);
  });
  if (/^\s*["']?(AWSTemplateFormatVersion|Transform)["']?\s*:/m.test(text))
    return { file, value: readTemplate(text, name) };
  const { value, problems } = readYaml(text, name);
  if (problems.length > 0)
    throw new CommandError(`${name} is neither YAML nor JSON: ${problems[0]?.message}`);
  return { file, value: sectionOf(value) };
};

/** Its tags, such as !Ref, are those of CloudFormation: their values are read as they are. */
const readTemplate = (text: string, name: string): Section => {
  try {
    return sectionOf(parse(text, { logLevel: 'error' }));
  } catch (cause) {
    throw new CommandError(`${name} is neither YAML nor JSON: ${(cause as Error).message}`);
  }
};

const convert = (files: readonly ReadFile[], out: string): Imported => {
  const kinds = files.map(({ file, value }) => {
    const kind = kindOf(value);
    if (kind !== undefined) return kind;
    const name = relative(projectFolder, file);
    throw new CommandError(
      'swagger' in value
        ? `${name} is Swagger 2.0. Convert it first: npx swagger2openapi --yaml --outfile openapi.yaml ${name}`
        : `${name} is no OpenAPI document, no export of API Gateway, no template of SAM, no declarative configuration of Kong (_format_version: "3.0") and no configuration of KrakenD (version: 3).`,
    );
  });
  const [first] = files;
  if (first === undefined) throw new CommandError('FILE is missing. Add FILE=<file>');
  if (kinds.every((kind) => kind === 'openapi'))
    return fromOpenapi(
      files.map(({ file, value }) => ({ path: relative(dirname(out), file), value })),
    );
  if (files.length > 1)
    throw new CommandError('Several files can only be imported if all are OpenAPI documents.');
  if (kinds[0] === 'aws') return fromAws(first.value);
  if (kinds[0] === 'template') return fromTemplate(first);
  return kinds[0] === 'kong' ? fromKong(first.value) : fromKrakend(first.value);
};

const fromTemplate = ({ file, value }: ReadFile): Imported => {
  const imported = fromSam(value);
  if (imported !== undefined) return imported;
  throw new CommandError(
    `${relative(projectFolder, file)} is a template without events of APIs. Import the API that it makes: aws apigatewayv2 export-api --specification OAS30 --output-type YAML --api-id <id> api.yaml, or for a REST API: aws apigateway get-export --export-type oas30 --parameters extensions=apigateway --rest-api-id <id> --stage-name <stage> api.json`,
  );
};

const kindOf = (
  value: Section,
): 'openapi' | 'aws' | 'template' | 'kong' | 'krakend' | undefined => {
  if ('Resources' in value || 'AWSTemplateFormatVersion' in value) return 'template';
  if ('openapi' in value) return isAwsExport(value) ? 'aws' : 'openapi';
  if (/^3/.test(String(value['_format_version']))) return 'kong';
  return value['version'] === 3 && Array.isArray(value['endpoints']) ? 'krakend' : undefined;
};

const describeContract = (
  { contract, omissions, urls }: Imported,
  names: readonly string[],
): string => {
  const comment = [
    `Imported from ${names.join(', ')}.`,
    ...(omissions.length === 0 ? [] : ['Not taken over:', ...omissions.map(describeOmission)]),
    ...describeAddresses(urls),
  ];
  const lines = comment.map((line) => `# ${line.replaceAll(/\s*\n\s*/g, ' ')}`.trimEnd());
  return `${lines.join('\n')}\n${stringify(contract, { lineWidth: 120, aliasDuplicateObjects: false })}`;
};

/** The addresses of the upstreams, as the file that has them for each environment says it. */
export const describeAddresses = (
  urls: Imported['urls'],
  isTfvars = isRepository,
): readonly string[] => [
  `Addresses, for ${isTfvars ? 'upstream_service_urls in tfvars' : 'upstreams in environments.yaml'}:`,
  ...Object.entries(urls).map(([name, url]) =>
    isTfvars ? `  ${name} = "${url}"` : `  ${name}: ${url}`,
  ),
];

export const describeOmission = ({ what, reason }: Imported['omissions'][number]): string =>
  asTyped(`- ${what}: ${reason}`);

export const filesOf = (text: string): readonly string[] =>
  text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((file) => resolve(projectFolder, file));
