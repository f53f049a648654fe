import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly strategy?: {
    readonly matrix: { readonly include?: ReadonlyArray<Readonly<Record<string, string>>> };
  };
  readonly concurrency?: unknown;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = join(import.meta.dirname, '../../..');
const folder = join(root, '.github', 'workflows');
const files = readdirSync(folder);
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const workflows = files.map((file) => ({ file, workflow: parse(textOf(file)) as Workflow }));
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file}: ${name}`, job })),
);
const runsOf = ({ steps }: Job): string[] => steps.flatMap(({ run }) => (run ? [run] : []));

describe('workflows', () => {
  it('are those for a pull request, for main and for the night', () => {
    expect(files.toSorted()).toEqual(['main.yml', 'nightly.yml', 'pull-request.yml']);
  });

  it.each(files)('%s pins every action by its commit, with the version beside it', (file) => {
    const uses = textOf(file)
      .split('\n')
      .filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) {
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('use one commit of each action', () => {
    const pins = new Set(jobs.flatMap(({ job }) => job.steps.flatMap(({ uses }) => uses ?? [])));
    const actions = [...pins].map((pin) => pin.split('@')[0]);
    expect(actions.length).toBe(new Set(actions).size);
  });

  it.each(jobs)('$name runs only make targets that a laptop has, too', ({ job }) => {
    const help = readFileSync(join(root, 'Makefile'), 'utf8');
    const targets = [...help.matchAll(/^##+ ([\w-]+)/gm)].map(([, target]) => target);
    for (const run of runsOf(job)) {
      const [, target] =
        /^make ([\w-]+)(?: [A-Z_]+=[^\s;&|`]+(?: \}\})?| \S+ \}\})*(?: > plan\.txt)?$/.exec(run) ??
        [];
      expect(targets).toContain(target);
    }
  });

  it.each(jobs)('$name has a time limit and says what it may do', ({ job }) => {
    expect(job['timeout-minutes']).toBeLessThanOrEqual(180);
    expect(job.permissions).toBeDefined();
  });

  it.each(workflows)('$file gives nothing to jobs that do not say so', ({ workflow }) => {
    expect(workflow.permissions).toEqual({});
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
  });

  it.each(jobs)('$name may request a token for AWS only if it uses one', ({ job }) => {
    const isSigningIn = job.steps.some(({ uses }) => uses?.startsWith('aws-actions/'));
    expect(job.permissions?.['id-token']).toBe(isSigningIn ? 'write' : undefined);
  });

  it('have the whole history where tests build an earlier version of the package', () => {
    const testing = jobs.filter(({ job }) => runsOf(job).some((run) => /^make test\b/.test(run)));
    const depths = testing.map(({ job }) => job.steps[0]?.with?.['fetch-depth']);
    expect(depths).toEqual([0]);
  });

  it('sign in by roles of the environment that they work on', () => {
    const signingIn = jobs.flatMap(({ name, job }) =>
      job.steps
        .filter(({ uses }) => uses?.startsWith('aws-actions/'))
        .flatMap((step) => {
          const environments = job.strategy?.matrix.include ?? [{}];
          return environments.map((row) => ({
            name,
            role: String(step.with?.['role-to-assume']).replace('[matrix.role]', `.${row['role']}`),
            runs: runsOf(job)
              .filter((run) => run.includes('ENV='))
              .map((run) =>
                run.replace(/\$\{\{ matrix\.environment \}\}/, row['environment'] ?? ''),
              ),
          }));
        }),
    );
    expect(signingIn.length).toBeGreaterThanOrEqual(5);
    for (const { name, role, runs } of signingIn) {
      const [, environment = ''] =
        /^\$\{\{ vars\.AWS_([A-Z]+)_(?:PLAN|DRIFT|APPLY)_ROLE_ARN \}\}$/.exec(role) ?? [];
      expect(runs.length).toBeGreaterThan(0);
      for (const run of runs)
        expect([name, run]).toEqual([
          name,
          expect.stringContaining(`ENV=${environment.toLowerCase()}`),
        ]);
      expect(environment).not.toBe('');
    }
  });

  it('deploy by a role whose trust names the environment of the job', () => {
    for (const { job } of jobs.filter(({ job }) => job.environment !== undefined)) {
      const role = job.steps.find(({ uses }) => uses?.startsWith('aws-actions/'))?.with;
      expect(role?.['role-to-assume']).toBe(
        `\${{ vars.AWS_${job.environment?.toUpperCase()}_APPLY_ROLE_ARN }}`,
      );
    }
  });

  it('write to GitHub in one job, which runs nothing of the pull request', () => {
    const writing = jobs.filter(({ job }) =>
      Object.entries(job.permissions ?? {}).some(
        ([scope, level]) => level === 'write' && scope !== 'id-token',
      ),
    );
    expect(writing.map(({ name }) => name)).toEqual(['pull-request.yml: comment']);
    for (const { job } of writing) {
      expect(runsOf(job)).toEqual([]);
      expect(job.steps.some(({ uses }) => uses?.startsWith('actions/checkout@'))).toBe(false);
    }
  });

  it.each(jobs)('$name caches nothing if it can write to AWS', ({ job }) => {
    if (job.environment === undefined) return;
    const inputs = job.steps.flatMap((step) => Object.entries(step.with ?? {}));
    const caches = inputs.filter(([name, value]) => name.startsWith('cache') && value !== false);
    expect(caches).toEqual([]);
    expect(job.steps.filter(({ uses }) => uses?.startsWith('actions/cache'))).toEqual([]);
  });

  it.each(jobs)('$name leaves no token in the working copy', ({ job }) => {
    for (const step of job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
      expect(step.with?.['persist-credentials']).toBe(false);
    }
  });

  it('change environments only from jobs that name them, prod behind dev', () => {
    const changing = jobs.filter(({ job }) =>
      runsOf(job).some((run) => /^make (deploy|release|destroy|rollback)\b/.test(run)),
    );
    expect(changing.map(({ job }) => job.environment)).toEqual(['dev', 'prod']);
    for (const { job } of changing) {
      for (const run of runsOf(job)) expect(run).toContain(`ENV=${job.environment}`);
    }
    for (const { job } of changing) {
      expect(job.concurrency).toEqual({ group: job.environment, 'cancel-in-progress': false });
    }
    const main = workflows.find(({ file }) => file === 'main.yml')?.workflow.jobs['prod'];
    expect(main).toMatchObject({ needs: 'dev' });
  });
});
