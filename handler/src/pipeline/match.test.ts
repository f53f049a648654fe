import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Route } from '../contract.ts';
import { createMatcher } from './match.ts';
import { segmentTemplate } from './segment-template.ts';

const route = (id: string): Route => {
  const [method = '', path = ''] = id.split(' ');
  return {
    id,
    method,
    path,
    access: { kind: 'public' },
    target: { kind: 'built-in', name: 'health' },
    rateLimits: [],
    maxBodyBytes: 0,
    validate: undefined,
  };
};

const segmentsOf = (path: string): string[] => path.split('/').slice(1);

/** The id of the route matched with its parameters, the methods allowed, or nothing. */
const matching = (...ids: string[]) => matchingRoutes(ids.map(route));

const matchingRoutes = (routes: readonly Route[]) => {
  const match = createMatcher(routes, segmentTemplate);
  return (method: string, segments: string | string[]) => {
    const result = match(method, typeof segments === 'string' ? segmentsOf(segments) : segments);
    if (result.kind === 'match') return [result.match.route.id, { ...result.match.params }];
    if (result.kind === 'method-not-allowed') return result.allow;
    expect(result).toEqual({ kind: 'not-found' });
    return undefined;
  };
};

describe('the matcher', () => {
  it('prefers a literal to a parameter, and a parameter to the rest', () => {
    const match = matching('GET /a/b', 'GET /a/{id}', 'GET /a/{rest+}');
    expect(match('GET', '/a/b')).toEqual(['GET /a/b', {}]);
    expect(match('GET', '/a/c')).toEqual(['GET /a/{id}', { id: 'c' }]);
    expect(match('GET', '/a/c/d')).toEqual(['GET /a/{rest+}', { rest: 'c/d' }]);
  });

  it('prefers a literal to a part of a segment, the longest literal part, and a part to a whole parameter', () => {
    const match = matching(
      'GET /a/{id}',
      'GET /a/{id}.json',
      'GET /a/{id}.geo.json',
      'GET /a/all.json',
      'GET /a/{base}...{head}/b',
    );
    expect(match('GET', '/a/all.json')).toEqual(['GET /a/all.json', {}]);
    expect(match('GET', '/a/7.json')).toEqual(['GET /a/{id}.json', { id: '7' }]);
    expect(match('GET', '/a/7.geo.json')).toEqual(['GET /a/{id}.geo.json', { id: '7' }]);
    expect(match('GET', '/a/7.xml')).toEqual(['GET /a/{id}', { id: '7.xml' }]);
    expect(match('GET', '/a/x...y/b')).toEqual([
      'GET /a/{base}...{head}/b',
      { base: 'x', head: 'y' },
    ]);
    expect(match('GET', '/a/x...y')).toEqual(['GET /a/{id}', { id: 'x...y' }]);
  });

  it('finds no wider route for a segment that a server may read as one with a narrower part', () => {
    const match = matching('GET /a/{id}', 'GET /a/{id}.json');
    expect(match('GET', '/a/7.JSON')).toBeUndefined();
    expect(match('GET', '/a/7.json;x')).toBeUndefined();
  });

  it('gives each method the names of its own path, and ignores a slash at the end of a path', () => {
    const match = matching('GET /users/{id}/', 'PUT /users/{user_id}', 'DELETE /users/{name}');
    expect(match('GET', '/users/7')).toEqual(['GET /users/{id}/', { id: '7' }]);
    expect(match('PUT', '/users/7/')).toEqual(['PUT /users/{user_id}', { user_id: '7' }]);
    expect(match('POST', '/users/7')).toEqual(['GET', 'HEAD', 'PUT', 'DELETE']);
  });

  it('leaves a branch without a match', () => {
    const match = matching('GET /a/b/c', 'GET /a/{x}/d', 'GET /{rest+}');
    expect(match('GET', '/a/b/d')).toEqual(['GET /a/{x}/d', { x: 'b' }]);
    expect(match('GET', '/a/b/e')).toEqual(['GET /{rest+}', { rest: 'a/b/e' }]);
  });

  it('decides by the leftmost segment that differs', () => {
    const match = matching('GET /a/{x}/c', 'GET /a/b/{y}');
    expect(match('GET', '/a/b/c')).toEqual(['GET /a/b/{y}', { y: 'c' }]);
  });

  it('requires at least one character for a parameter or the rest', () => {
    const match = matching('GET /a/{id}', 'GET /b/{rest+}');
    expect(match('GET', '/a/')).toBeUndefined();
    expect(match('GET', '/b/')).toBeUndefined();
    expect(match('GET', '/b//c')).toBeUndefined();
  });

  it('ignores one slash at the end, so that it opens no wider route', () => {
    const match = matching('GET /admin', 'GET /{rest+}');
    expect(match('GET', '/admin/')).toEqual(['GET /admin', {}]);
    expect(match('GET', '/files/')).toEqual(['GET /{rest+}', { rest: 'files/' }]);
    expect(matching('GET /')('GET', '/')).toEqual(['GET /', {}]);
  });

  it('never splits a segment at a slash inside it', () => {
    const match = matching('GET /a/b', 'GET /{id}');
    expect(match('GET', ['c/b'])).toEqual(['GET /{id}', { id: 'c/b' }]);
    expect(match('GET', ['a/b'])).toBeUndefined();
  });

  it('treats names of JavaScript, such as constructor, as plain segments', () => {
    expect(matching('GET /a')('GET', '/constructor')).toBeUndefined();
    expect(matching('GET /{id}')('GET', '/__proto__')).toEqual(['GET /{id}', { id: '__proto__' }]);
  });

  it('matches the path before the method', () => {
    const match = matching('GET /users/me', 'DELETE /users/{id}');
    expect(match('DELETE', '/users/me')).toEqual(['GET', 'HEAD']);
    expect(match('DELETE', '/users/alice')).toEqual(['DELETE /users/{id}', { id: 'alice' }]);
  });

  it.each([
    ['before', ['HEAD /a', 'GET /a']],
    ['after', ['GET /a', 'HEAD /a']],
  ])('matches HEAD to GET unless HEAD is declared (%s)', (_, ids) => {
    expect(matching('GET /a')('HEAD', '/a')).toEqual(['GET /a', {}]);
    expect(matching(...ids)('HEAD', '/a')).toEqual(['HEAD /a', {}]);
    expect(matching(...ids)('GET', '/a')).toEqual(['GET /a', {}]);
    expect(matching('POST /a')('HEAD', '/a')).toEqual(['POST']);
  });

  it.each([
    'Admin',
    'ADMIN',
    'admin;x=1',
    'admin;',
    'admin.',
    'admin..',
    'admin ',
    'admin . .',
    'admin.;x',
    '\uff41dmin',
    'adm\u0131n',
    'adm\u0130n',
    'ad\u00admin',
    'admin\u200b',
    'admin\u3000',
    'admin\uff1bx',
    '%61dmin',
    '%2561dmin',
    'admin%2fsettings',
    'admin%3Fx',
    'admin%00',
    'admin/x',
  ])('finds no wider route for %j beside the literal admin', (segment) => {
    const match = matching(
      'GET /api/admin/settings',
      'GET /api/x/admin',
      'GET /api/{rest+}',
      'GET /admin',
      'GET /{id}',
    );
    expect(match('GET', ['api', segment, 'settings'])).toBeUndefined();
    expect(match('GET', ['api', segment])).toBeUndefined();
    expect(match('GET', ['api', 'x', segment])).toBeUndefined();
    expect(match('GET', ['api', 'x', segment, 'deeper'])).toBeUndefined();
    expect(match('GET', [segment])).toBeUndefined();
    expect(match('GET', [segment, ''])).toBeUndefined();
    expect(match('POST', [segment])).toBeUndefined();
  });

  it.each([
    'admins',
    'admin-x',
    'admin%zz',
    '.admin',
    ' admin',
    'Adm',
    'a',
    'administrator',
    '\u00e4dmin',
  ])('finds the wider route for %j, which no server reads as the literal admin', (segment) => {
    const match = matching('GET /api/admin/settings', 'GET /api/{rest+}');
    expect(match('GET', ['api', segment])).toEqual(['GET /api/{rest+}', { rest: segment }]);
  });

  it('finds each of two literals that differ only in case, and no wider route for a third', () => {
    const match = matching('GET /a/Me', 'GET /a/me', 'GET /a/{id}');
    expect(match('GET', '/a/Me')).toEqual(['GET /a/Me', {}]);
    expect(match('GET', '/a/me')).toEqual(['GET /a/me', {}]);
    expect(match('GET', '/a/ME')).toBeUndefined();
  });

  it('folds a literal that is written in capitals or with a parameter, too', () => {
    const match = matching('GET /a/Me', 'GET /a/b;v=1', 'GET /a/{id}');
    expect(match('GET', '/a/me')).toBeUndefined();
    expect(match('GET', '/a/b')).toBeUndefined();
    expect(match('GET', '/a/b;v=1')).toEqual(['GET /a/b;v=1', {}]);
  });

  it('is as strict in a branch that is left', () => {
    const match = matching('GET /{a}/admin', 'GET /{rest+}');
    expect(match('GET', '/x/Admin')).toBeUndefined();
    expect(match('GET', '/x/y')).toEqual(['GET /{rest+}', { rest: 'x/y' }]);
  });

  it('folds nothing if no literal is at the same position', () => {
    const match = matching('GET /users/{id}', 'GET /files/{rest+}');
    expect(match('GET', '/users/Me;x.')).toEqual(['GET /users/{id}', { id: 'Me;x.' }]);
    expect(match('GET', '/files/A/B')).toEqual(['GET /files/{rest+}', { rest: 'A/B' }]);
  });

  it('matches a folded path only with a route that allows it', () => {
    const open: Route = { ...route('GET /users/{id}'), allowsFoldedPath: true };
    const match = matchingRoutes([open, route('PUT /users/{id}'), route('GET /users/me')]);
    expect(match('GET', '/users/Me')).toEqual(['GET /users/{id}', { id: 'Me' }]);
    expect(match('HEAD', '/users/Me')).toEqual(['GET /users/{id}', { id: 'Me' }]);
    expect(match('PUT', '/users/Me')).toBeUndefined();
    expect(match('PUT', '/users/you')).toEqual(['PUT /users/{id}', { id: 'you' }]);
    expect(match('DELETE', '/users/Me')).toEqual(['GET', 'HEAD', 'PUT']);
  });

  it('agrees with trying every route', () => {
    const segment = fc.constantFrom('a', 'b', 'c', '{x}', '{y}');
    const template = fc
      .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([segments, hasRest]) => unique(hasRest ? [...segments, '{r+}'] : segments));
    const path = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'd/b', ''), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(template, { maxLength: 12 }), path, (templates, segments) => {
        const ids = withoutClashes(templates).map((each) => `GET /${each.join('/')}`);
        const expected = bestByTrying(ids, segments);
        expect(matching(...ids)('GET', segments)?.[0]).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Parameters named by their place: no path names one twice. */
const unique = (segments: string[]): string[] =>
  segments.map((segment, index) => segment.replace(/^\{[xy]\}$/, `{p${index}}`));

const withoutClashes = (templates: string[][]): string[][] => [
  ...new Map(templates.map((template) => [template.join('/'), template])).values(),
];

const bestByTrying = (ids: string[], given: string[]): string | undefined => {
  const segments = given.length > 1 && given.at(-1) === '' ? given.slice(0, -1) : given;
  const rank = (segment: string): string => {
    if (segment.endsWith('+}')) return '2';
    return segment.startsWith('{') ? '1' : '0';
  };
  const fits = (template: string[]): boolean =>
    (template.at(-1)?.endsWith('+}')
      ? segments.length >= template.length
      : segments.length === template.length) &&
    template.every((part, index) =>
      part.startsWith('{') ? segments[index] !== '' : segments[index] === part,
    );
  return ids
    .filter((id) => fits(segmentsOf(id.slice(4))))
    .toSorted((a, b) => {
      const [left, right] = [a, b].map((id) => segmentsOf(id.slice(4)).map(rank).join(''));
      return (left ?? '').localeCompare(right ?? '');
    })[0];
};
