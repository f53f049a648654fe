import { checkDefaults } from './check-defaults.ts';
import { checkOperations } from './check-operations.ts';
import { checkRequestSchemas } from './check-request-schemas.ts';
import { checkShape } from './check-shape.ts';
import { compileSchemas } from './compile-schemas.ts';
import type { ContractDocument } from './document.ts';
import { emitContract, emitDeclaration } from './emit-contract.ts';
import {
  type Problem,
  formatProblem,
  formatWarning,
  type Report,
  sortProblems,
} from './problem.ts';
import { openapiDocument } from './openapi-document.ts';
import { bodySchemas, type ContractPlan, parameterSchemas } from './plan.ts';
import { type CorsPolicy, planCors, valueNames } from './plan-cors.ts';
import { planKeys } from './plan-keys.ts';
import { planFailureLimit, planRateLimits } from './plan-rate-limits.ts';
import { planRoutes } from './plan-routes.ts';
import { planUpstreams } from './plan-upstreams.ts';
import { checkReferences } from './references.ts';
import { requestView } from './request-view.ts';
import { nameSchemas } from './schema-names.ts';
import { warnOfWiderRoutes } from './warn-of-wider-routes.ts';
import { warnOfWithheldHeaders } from './warn-of-withheld-headers.ts';
import { readYaml } from './yaml-source.ts';

export type Compilation =
  | {
      readonly ok: true;
      /** Source text by file name; `contract.js` is the one to import. */
      readonly modules: Readonly<Record<ModuleName, string>>;
      readonly openapi: object;
      readonly summary: ContractSummary;
      /** Each as `file:line:column  warning …`: what compiles, and may not be meant. */
      readonly warnings: readonly string[];
    }
  /** Each as `file:line:column  message`, in the order of the file. */
  | { readonly ok: false; readonly problems: readonly string[] };

type ModuleName = 'contract.js' | 'contract.d.ts' | 'fits.js' | 'explain.js';

/** What Terraform needs to know of the contract. */
export interface ContractSummary {
  readonly upstreams: readonly string[];
  readonly routes: readonly string[];
  readonly rate_limits: readonly string[];
  /** Null: pages of other origins may do nothing. */
  readonly cors: CorsPolicy | null;
  /** Names of the values that tfvars must give: those that the contract refers to as `${name}`. */
  readonly values: readonly string[];
}

interface Options {
  /** How problems name the file. */
  readonly file: string;
  /** `handler/src`, as seen from where the modules will lie. */
  readonly runtime: string;
}

/** Compiles a contract, or says everything that is wrong with it at once. The same text gives the same bytes. */
export const compileContract = (text: string, { file, runtime }: Options): Compilation => {
  const source = readYaml(text);
  const problems: Problem[] = [...source.problems];
  const warnings: Problem[] = [];
  const noteIn =
    (list: Problem[]): Report =>
    (path, message, at = 'value') => {
      list.push({ ...source.locate(path, at), message });
    };
  const report = noteIn(problems);
  const failed = (): Compilation => ({
    ok: false,
    problems: sortProblems(problems).map((problem) => formatProblem(file, problem)),
  });
  if (problems.length > 0) return failed();

  const document = checkShape(source.value, report);
  const plan = planContract(document, report);
  if (problems.length > 0) return failed();

  warnOfWiderRoutes(plan.routes, noteIn(warnings));
  warnOfWithheldHeaders(plan.routes, noteIn(warnings));
  const names = nameSchemas(document, plan.routes);
  const bodies = bodySchemas(plan.routes);
  const view = requestView(document, [...parameterSchemas(plan.routes), ...bodies], report);
  if (problems.length > 0) return failed();
  const { fits, explain } = compileSchemas(view.document, names, runtime);
  const keys = planKeys(document, bodies);
  return {
    ok: true,
    modules: {
      'contract.js': emitContract(plan, { names, keys, recursive: view.recursiveSchemas }, runtime),
      'contract.d.ts': emitDeclaration(runtime),
      'fits.js': fits,
      'explain.js': explain,
    },
    openapi: openapiDocument(document),
    summary: summarize(plan),
    warnings: sortProblems(warnings).map((warning) => formatWarning(file, warning)),
  };
};

const planContract = (document: ContractDocument, report: Report): ContractPlan => {
  checkReferences(document, report);
  checkOperations(document, report);
  const upstreams = planUpstreams(document, report);
  const rateLimits = planRateLimits(document, report);
  const failureLimit = planFailureLimit(document, report);
  checkDefaults(document, rateLimits, report);
  const routes = planRoutes(document, rateLimits, report);
  checkRequestSchemas(document, routes, report);
  const cors = planCors(document, report);
  return { upstreams, rateLimits, failureLimit, routes, cors };
};

const summarize = ({ upstreams, routes, rateLimits, cors }: ContractPlan): ContractSummary => ({
  upstreams: upstreams.map(({ name }) => name),
  routes: routes.map(({ id }) => id),
  rate_limits: rateLimits.map(({ name }) => name),
  cors: cors ?? null,
  values: valueNames(cors?.allow_origins ?? []),
});
