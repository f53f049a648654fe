import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../environments/environment.ts';
import { requireUpstreamUrls } from './build-for.ts';

const summary = { upstreams: ['users', 'products'], routes: [], rate_limits: [], values: [] };
const urls = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, `https://${name}.test`]));
const checkWith = (more: object, ...names: string[]) => {
  const variables = { upstream_service_urls: urls(...names) };
  const environment = readEnvironment({ ENV: 'dev' });
  return () => requireUpstreamUrls(environment, { variables, summary: { ...summary, ...more } });
};
const check = (...names: string[]) => checkWith({}, ...names);

describe('the URLs of the upstreams in the tfvars', () => {
  it('are accepted if they are those of the contract', () => {
    expect(check('users', 'products')).not.toThrow();
  });

  it('are refused with the file and the lines to add if one is missing', () => {
    expect(check('users')).toThrow(
      'There is no URL for products. Add to terraform/environments/dev.tfvars, inside upstream_service_urls:\n  products = "https://…"',
    );
  });

  it.each([
    [['users'], 'There is no ARN for products.', '\n  products = "arn:aws:…"'],
    [[], 'There is no URL or ARN for users, products.', '"https://…"\n  products = "arn:aws:…"'],
  ])('are refused with the lines to add if an ARN is missing beside %j', (names, ...said) => {
    const throwing = checkWith({ upstream_kinds: { products: 'sqs' } }, ...names);
    for (const text of said) expect(throwing).toThrow(text);
  });

  it('may leave out, in a project, what its own Terraform makes', () => {
    const project = {
      ...readEnvironment({ ENV: 'dev' }),
      settings: { region: 'eu-central-1', state_bucket: undefined, inputs: {} },
    };
    const checkProject = (upstream_kinds: Readonly<Record<string, string>>) => () =>
      requireUpstreamUrls(project, {
        variables: { upstream_service_urls: urls('users') },
        summary: { ...summary, upstream_kinds },
      });
    expect(checkProject({ products: 'sqs' })).not.toThrow();
    expect(checkProject({})).toThrow('There is no URL for products.');
  });

  it('are refused with the nearest name if the contract has no such upstream', () => {
    expect(check('users', 'prodcts')).toThrow(
      'terraform/environments/dev.tfvars: upstream_service_urls names what is not an upstream of the contract:\n  prodcts — did you mean "products"?',
    );
  });
});
