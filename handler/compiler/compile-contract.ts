import { checkOperations } from './check-operations.ts';
import { checkShape } from './check-shape.ts';
import { type ProjectModule, viewFor } from './contract-part.ts';
import { emitContract, emitDeclaration, type PartEmitter } from './emit-contract.ts';
import {
  type Finding,
  findingsOf,
  formatFinding,
  type Path,
  type Place,
  type Problem,
  type Report,
} from './problem.ts';
import { listRoutes, type ListedRoute } from './list-routes.ts';
import { openapiDocument } from './openapi-document.ts';
import * as parts from './parts.ts';
import { planOperations } from './plan-operations.ts';
import { planRoutes, routesByTarget } from './plan-routes.ts';
import { upstreamKinds } from './upstream-kinds.ts';
import { checkReferences } from './references.ts';
import { warnOfWiderRoutes } from './warn-of-wider-routes.ts';
import type { ReadFile } from './source/project-files.ts';
import { readSource } from './source/read-source.ts';
import { readParts } from './read-parts.ts';

export type Compilation = {
  /** The contract and the other files that it names, from the project folder. */
  readonly files: readonly string[];
  /** Every problem and warning, file by file, in the order of each. */
  readonly findings: readonly Finding[];
} & (
  | {
      readonly ok: true;
      /** Source text by file name; `contract.js` is the one to import. */
      readonly modules: Readonly<Record<string, string>>;
      readonly openapi: object;
      /** Of the modules, those that the build still has to make of code of the project and of packages. */
      readonly projectModules: ReadonlyArray<Omit<ProjectModule, 'path'> & PlacedSection>;
      /** The names of the features that the pipeline has. */
      readonly features: readonly string[];
      /** Names of what the build puts beside the code. */
      readonly assets: readonly string[];
      readonly summary: ContractSummary;
      /** In the order of the document, the gateway's own first. */
      readonly routes: readonly ListedRoute[];
      /** Each as `file:line:column  warning …`: valid, but perhaps not intended. */
      readonly warnings: readonly string[];
    }
  /** Each as `file:line:column  message`, file by file, in the order of each. */
  | { readonly ok: false; readonly problems: readonly string[] }
);

interface PlacedSection {
  /** Where a part of the section is written, by its path in the section. */
  readonly locate: (path: Path, at: 'key' | 'value') => Place;
}

/** The data of the contract for Terraform. */
export interface ContractSummary {
  readonly upstreams: readonly string[];
  /** Names of the required values in tfvars: those that the contract refers to as `${name}`. */
  readonly values: readonly string[];
  /** What the parts add. */
  readonly [key: string]: unknown;
}

interface Options {
  /** The contract's file, from the project folder: problems name it so, and what it refers to is found from there. */
  readonly file: string;
  /** `handler/src`, relative to the folder of the generated modules. */
  readonly runtime: string;
  /** Reads the other files that the contract names. Absent: it can name none. */
  readonly readFile?: ReadFile;
}

/** Compiles a contract, or reports all its problems at once. The same text always results in the same bytes. */
export const compileContract = (text: string, { runtime, ...files }: Options): Compilation => {
  const source = readSource(text, files);
  const problems: Problem[] = [...source.problems];
  const warnings: Problem[] = [...source.warnings];
  const noteIn =
    (list: Problem[]): Report =>
    (path, message, at = 'value') => {
      list.push({ ...source.locate(path, at), message });
    };
  const report = noteIn(problems);
  const warn = noteIn(warnings);
  const failed = (): Compilation => {
    const findings = findingsOf({ problems, warnings }, source.files);
    const errors = findings.filter(({ severity }) => severity === 'error');
    return { ok: false, files: source.files, findings, problems: errors.map(formatFinding) };
  };
  if (problems.length > 0) return failed();

  const document = checkShape(source.value, report, warn);
  const isRead = readParts(document);
  checkReferences(document, (path, ...what) => (isRead(path) ? report : warn)(path, ...what));
  checkOperations(document, report);
  const operations = planOperations(document, report, warn);
  const planned = planRoutes(document, operations, report, warn);
  const upstreams = Object.keys(document['x-postern']?.upstreams ?? {});
  const plan = { upstreams, routes: planned.map((route) => route.plan) };
  const emitters = Object.entries(parts).map(([name, part]): PartEmitter => {
    const view = viewFor(name, part, {
      document,
      operations,
      // A route with several upstreams is one of each for their kinds.
      routes: part.upstream === undefined ? planned : planned.flatMap(routesByTarget),
      upstreamKinds,
      report,
      warn,
    });
    return { name, folder: part.folder, emit: part.compile(view) };
  });
  if (problems.length > 0) return failed();

  warnOfWiderRoutes(plan.routes, warn);
  const emitted = emitContract(plan, emitters, runtime);
  const { modules, summary, values, responses } = emitted;
  if (problems.length > 0) return failed();
  const findings = findingsOf({ problems, warnings }, source.files);
  return {
    ok: true,
    files: source.files,
    findings,
    modules: { ...modules, 'contract.d.ts': emitDeclaration(runtime) },
    projectModules: emitted.projectModules.map(({ path: section, ...module }) => ({
      ...module,
      locate: (path, at) => source.locate([...section, ...path], at),
    })),
    features: emitted.features,
    assets: emitted.files,
    openapi: openapiDocument(document, plan.routes, responses),
    summary: { upstreams: plan.upstreams, ...summary, values },
    routes: listRoutes(document, planned, source.locate),
    warnings: findings.map(formatFinding),
  };
};
