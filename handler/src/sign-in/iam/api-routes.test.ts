import { describe, expect, it } from '@jest/globals';
import { apiRoutesOf, isPreferred } from './api-routes.ts';

const route = (id: string) => {
  const [method = '', path = ''] = id.split(' ');
  return { id, method, path };
};

describe('the routes of API Gateway', () => {
  it('are those of the signed operations, with HEAD beside GET', () => {
    expect(apiRoutesOf(['POST /orders', 'GET /orders/{id}'].map(route), [])).toEqual({
      aws_iam: ['GET /orders/{id}', 'HEAD /orders/{id}', 'POST /orders'],
      open: [],
    });
  });

  it('have no second route for an operation HEAD of the contract', () => {
    const { aws_iam } = apiRoutesOf([route('GET /orders')], [route('HEAD /orders')]);
    expect(aws_iam).toEqual(['GET /orders']);
  });

  it('leave open what the contract prefers to a signed operation', () => {
    const others = ['GET /orders/status', 'GET /health', 'POST /orders/status', 'GET /{rest+}'];
    const { open } = apiRoutesOf([route('GET /orders/{id}')], others.map(route));
    expect(open).toEqual(['GET /orders/status', 'HEAD /orders/status']);
  });
});

describe('for a path that two routes match, the contract', () => {
  it.each([
    ['GET /a/b', 'GET /a/{x}', true],
    ['GET /a/{x}', 'GET /a/b', false],
    ['GET /a/{x}.json', 'GET /a/{x}', true],
    ['GET /a/{x}', 'GET /{y}/b', true],
    ['GET /{y}/b', 'GET /a/{x}', false],
    ['GET /a/{x}', 'GET /a/{rest+}', true],
    ['GET /a', 'GET /{rest+}', true],
    ['GET /{rest+}', 'GET /a/b/c', false],
    ['GET /a/b', 'GET /a/{x}/c', false],
    ['GET /a/b', 'GET /b/{x}', false],
    ['POST /a/b', 'GET /a/{x}', false],
    ['GET /', 'GET /{x}', true],
  ])('prefers %s to %s: %s', (one, other, expected) => {
    expect(isPreferred(route(one), route(other))).toBe(expected);
  });
});
