/** What a test plans of resources that can have tags, and of roles. Null: not set, or known after the apply. */
export interface TestedPlan {
  readonly tagged: ReadonlyArray<{
    readonly address: string;
    readonly tags: Readonly<Record<string, string>> | null;
  }>;
  readonly roles: ReadonlyArray<{
    readonly address: string;
    readonly boundary: string | null;
    readonly path: string | null;
  }>;
}

/** What Terraform writes for programs about resources that are planned. */
interface Line {
  readonly type: string;
  readonly test_plan?: { readonly resource_changes?: readonly Planned[] };
}

interface Planned {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly change: {
    readonly after: {
      readonly tags?: Readonly<Record<string, string>> | null;
      readonly tags_all?: unknown;
      readonly permissions_boundary?: string | null;
      readonly path?: string | null;
    };
  };
}

/** The plans in the output of `terraform test -json -verbose`, as one. */
export const testedPlan = (output: string): TestedPlan => {
  const resources = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
    .flatMap(({ test_plan: plan }) => plan?.resource_changes ?? [])
    .filter(({ mode }) => mode === 'managed');
  return {
    // All that can have tags have `tags_all`, too, with those of the provider.
    tagged: resources
      .filter(({ change }) => 'tags' in change.after || 'tags_all' in change.after)
      .map(({ address, change }) => ({ address, tags: change.after.tags ?? null })),
    roles: resources
      .filter(({ type }) => type === 'aws_iam_role')
      .map(({ address, change: { after } }) => ({
        address,
        boundary: after.permissions_boundary ?? null,
        path: after.path ?? null,
      })),
  };
};
