import type { Violation } from './http/gateway-error.ts';

/** `handler/gateway.yaml`, compiled when the zip is built. The gateway has no other information about its routes. */
export interface Contract {
  readonly routes: readonly Route[];
  /** Reads segments such as `{id}.json`; absent if no route has one. */
  readonly segmentTemplate?: ReadTemplate;
  readonly upstreams: Readonly<Record<string, UpstreamPolicy>>;
  readonly rateLimits: Readonly<Record<string, RateLimitRule>>;
}

/** A segment of a path template that is more than one parameter: `{id}.json`, `{base}...{head}`, `{name}:cancel`. */
export interface SegmentTemplate {
  readonly names: readonly string[];
  /** How many characters are not parameters. */
  readonly weight: number;
  /**
   * The value of each parameter, which has at least one character; undefined if the segment does not fit. Where it fits
   * in several ways, each parameter is as short as possible, from left to right. No value is a segment that is unsafe
   * for a server, because a rewrite can make it one.
   */
  readonly read: (segment: string) => readonly string[] | undefined;
  /** Whether a lenient server may read the segment as one that fits. */
  readonly fitsFolded: (segment: string) => boolean;
}

export type ReadTemplate = (segment: string) => SegmentTemplate | undefined;

export interface Route {
  /** Method and path template, such as `GET /api/v1/users/{user_id}`: the `route` of logs and metrics. */
  readonly id: string;
  readonly method: string;
  /** Segments of literals, `{name}` for one segment, `{name+}` for the remainder, or `{name}.json` for a part of one. */
  readonly path: string;
  readonly access: Access;
  readonly target: Target;
  /** A request is accepted only if all limits accept it. */
  readonly rateLimits: readonly RateLimitRule[];
  /** Larger bodies are refused with 413. */
  readonly maxBodyBytes: number;
  /** Whether to accept a path that a service may read as the path of another route, such as `/Admin` and `/admin`. */
  readonly allowsFoldedPath?: true;
  /** Checks parameters, headers and body. An empty list means valid. Absent: nothing to check. */
  readonly validate: Validate | undefined;
}

export type Access =
  | { readonly kind: 'public' }
  /** A caller must satisfy one alternative; the first that the request satisfies counts. */
  | {
      readonly kind: 'signed-in';
      readonly alternatives: readonly Requirement[];
      /** The one sign-in method of all the alternatives. Absent: there are several. */
      readonly method?: SignInName;
    };

/**
 * The sign-in methods that must all accept the request, each with the roles that its user must all have. The user of the
 * first is the caller.
 */
export type Requirement = { readonly [method in SignInName]?: readonly string[] };

/** A sign-in method, by its name in `handler/compiler/parts.ts`. */
export type SignInName = keyof SignInNames;

/** Each folder of `sign-in/` declares its own name. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- The folders fill it.
export interface SignInNames {}

/** What responds to a route: the gateway itself, or an upstream. */
export type BuiltInName = 'health' | 'ready' | 'openapi' | 'openapiYaml' | 'docs' | 'docsScript';

export type Target = { readonly kind: 'built-in'; readonly name: BuiltInName } | UpstreamTarget;

/** By the kind of its upstream. */
export type UpstreamTarget<K extends UpstreamKindName = UpstreamKindName> = {
  readonly [Kind in K]: {
    readonly kind: Kind;
    /** Its name. */
    readonly upstream: string;
    readonly timeoutMs: number;
  } & Declared<Kind, 'target'>;
}[K];

/** An upstream of the contract, by its kind. */
export type UpstreamPolicy<K extends UpstreamKindName = UpstreamKindName> = {
  readonly [Kind in K]: {
    readonly kind: Kind;
    readonly name: string;
  } & Declared<Kind, 'policy'>;
}[K];

/** A kind of upstream, by its name in `handler/compiler/parts.ts`. */
export type UpstreamKindName = keyof UpstreamKinds;

type Declared<K extends UpstreamKindName, Key extends string> =
  UpstreamKinds[K] extends Readonly<Record<Key, infer D>> ? D : never;

/** Each folder of `upstreams/` declares its kind: what its `target` and its `policy` have beyond what all have. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- The folders fill it.
export interface UpstreamKinds {}

export interface RateLimitRule {
  readonly name: string;
  /** Requests that have all of these properties in common share a bucket. */
  readonly per: readonly ('ip' | 'caller' | 'route')[];
  /** Requests a window. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** The size of the bucket: how many requests are accepted at once after a pause. */
  readonly burst: number;
  readonly onStoreFailure: 'allow' | 'deny';
  /** `shadow` counts and reports, but refuses no request. */
  readonly mode: 'enforce' | 'shadow';
}

/** What a validator is given. Parameters are the raw strings; `body` is not yet parsed. */
export interface Subject {
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer | undefined;
}

/** Throws `GatewayError` UNSUPPORTED_MEDIA_TYPE if the route does not list the media type of the body. */
export type Validate = (subject: Subject) => readonly Violation[];

export interface Match {
  readonly route: Route;
  /** Decoded path parameters by name. `{rest+}` may contain slashes. */
  readonly params: Readonly<Record<string, string>>;
}
