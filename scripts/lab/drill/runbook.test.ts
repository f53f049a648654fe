import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { drills } from './drills.ts';
import { fillIn, parseRunbook, placeholdersOf, readRunbook, runbookFolder } from './runbook.ts';

const page = `# The bucket is gone

Prose.

## Steps

### Look

\`\`\`sh
make look ENV=<env>
\`\`\`

### Repair it

\`\`\`sh
make repair ENV=<env> ID=<id>
make look ENV=<env>
\`\`\`

More prose.

## Afterwards

\`\`\`sh
make party
\`\`\`
`;

describe('a runbook', () => {
  it('has a step for each shell block of its part "Steps"', () => {
    expect(parseRunbook('bucket', page)).toEqual({
      name: 'bucket',
      title: 'The bucket is gone',
      steps: [
        { title: 'Look', commands: 'make look ENV=<env>' },
        { title: 'Repair it', commands: 'make repair ENV=<env> ID=<id>\nmake look ENV=<env>' },
      ],
    });
  });

  it('refuses a step that says nothing to type', () => {
    const silent = page.replace('```sh\nmake look', '```\nmake look');
    expect(() => parseRunbook('bucket', silent)).toThrow('The step "Look" has 0 shell blocks');
  });

  it('is typed with its placeholders filled in', () => {
    const [, repair] = parseRunbook('bucket', page).steps;
    if (repair === undefined) throw new Error('no step');
    expect(placeholdersOf(repair)).toEqual(['env', 'id']);
    expect(fillIn(repair, { env: 'dev', id: '7' })).toBe(
      'make repair ENV=dev ID=7\nmake look ENV=dev',
    );
    expect(() => fillIn(repair, { env: 'dev' })).toThrow(
      'There is no value for <id> of "Repair it"',
    );
  });
});

describe('the runbooks', () => {
  const pages = readdirSync(runbookFolder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => basename(file, '.md'));

  it('are each rehearsed by a drill', () => {
    expect(drills.map(({ runbook }) => runbook).toSorted()).toEqual(pages.toSorted());
  });

  it.each(pages)('%s has steps to carry out', (name) => {
    expect(readRunbook(name).steps.length).toBeGreaterThan(1);
  });

  it.each(drills)('$runbook prints what its drill reads', ({ runbook, reads }) => {
    const placeholders = readRunbook(runbook).steps.flatMap(placeholdersOf);
    expect(Object.keys(reads).filter((name) => !placeholders.includes(name))).toEqual([]);
  });
});
