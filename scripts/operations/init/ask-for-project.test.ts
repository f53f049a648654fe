import { describe, expect, it } from '@jest/globals';
import { askForProject } from './ask-for-project.ts';

const usual = { name: 'shop', region: 'us-east-1' };

const ask = async (typed: readonly string[], given = {}, isInteractive = true) => {
  const questions: string[] = [];
  const left = [...typed];
  const project = await askForProject(usual, given, {
    isInteractive,
    ask: async (question) => {
      questions.push(question);
      return left.shift() ?? '';
    },
    close: () => undefined,
  });
  return { project, questions };
};

describe('the questions of init', () => {
  it('are three, and Enter takes what is usual', async () => {
    const { project, questions } = await ask(['', '', '']);
    expect(project).toEqual({ ...usual, document: undefined });
    expect(questions).toEqual([
      'Name of the gateway (shop): ',
      'AWS region (us-east-1): ',
      'An OpenAPI document to begin with (none: an example): ',
    ]);
  });

  it('take what is typed', async () => {
    const { project } = await ask(['books', ' eu-west-1 ', 'openapi.yaml']);
    expect(project).toEqual({ name: 'books', region: 'eu-west-1', document: 'openapi.yaml' });
  });

  it('are not asked for what was given', async () => {
    const { project, questions } = await ask([''], { NAME: 'books', DOCUMENT: 'a.yaml' });
    expect(project).toEqual({ name: 'books', region: 'us-east-1', document: 'a.yaml' });
    expect(questions).toHaveLength(1);
  });

  it('need a terminal, or --yes', async () => {
    await expect(ask([], {}, false)).rejects.toThrow('npx postern init --yes');
  });
});
