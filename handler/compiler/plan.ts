import type { Access, RateLimitRule, Target, UpstreamPolicy } from '../src/contract.ts';
import type { BodySchema, ParameterSchema } from '../src/features/validation/request-schema.ts';
import type { RequestSection } from './document.ts';
import type { CorsPolicy } from './plan-cors.ts';
import type { Path } from './problem.ts';

/** What the generated module will say, as plain data; schemas are still places of the document. */
export interface ContractPlan {
  readonly cors: CorsPolicy | undefined;
  readonly upstreams: readonly UpstreamPolicy[];
  readonly rateLimits: readonly RateLimitRule[];
  readonly failureLimit: RateLimitRule | undefined;
  readonly routes: readonly RoutePlan[];
}

export interface RoutePlan {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly access: Access;
  readonly target: Target;
  readonly rateLimit: string | undefined;
  readonly maxBodyBytes: number;
  readonly parameters: readonly ParameterPlan[];
  readonly body: BodyPlan | undefined;
  readonly request: RequestPlan;
}

export type RequestPlan = Required<RequestSection>;

export type ParameterPlan = Omit<ParameterSchema, 'fits'> & { readonly schema: Path };

/** Where the schemas of parameters and bodies are written. */
export const parameterSchemas = (routes: readonly RoutePlan[]): readonly Path[] =>
  routes.flatMap(({ parameters }) => parameters.map(({ schema }) => schema));

export const bodySchemas = (routes: readonly RoutePlan[]): readonly Path[] =>
  routes.flatMap(({ body }) =>
    (body?.content ?? []).flatMap(({ schema }) => (schema === undefined ? [] : [schema])),
  );

export type BodyPlan = Pick<BodySchema, 'required'> & {
  readonly content: readonly { readonly mediaType: string; readonly schema: Path | undefined }[];
};
