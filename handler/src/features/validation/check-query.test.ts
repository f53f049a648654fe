import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createQueryCheck } from './check-query.ts';

/** The refused parameters, each with whether it is declared. */
const refused = (
  query: string,
  declared: readonly string[] = ['limit', 'user_id', 'page[size]', 'ids[]', 'Name'],
  refusesUndeclared = false,
): readonly string[] =>
  createQueryCheck(
    declared,
    refusesUndeclared,
  )(query).map(
    ({ name, detail }) => `${name} ${detail.startsWith('is also') ? 'misspelt' : 'unknown'}`,
  );

describe('a query string', () => {
  it.each([
    '',
    '&&',
    'limit=1',
    'limit',
    '%6cimit=1',
    'limit=1&limit=2',
    'limits=1&xlimit=2&limi=3&limit_=4',
    'page[size]=1&page%5Bsize%5D=2&page[number]=3&page=4',
    'ids[]=1&ids[]=2&ids%5b%5d=3',
    'user_id=1&userid=2&user-id=3',
    'Name=x',
    'other=a;b;c&limit=1;2',
    'method=DELETE&__method=x&_methods=y',
    'q=limit&q=_method=DELETE',
    '=1&=&%zz=1&%ff=2',
    'filter.limit=1',
  ])('passes if no service reads it as another parameter: %s', (query) => {
    expect(refused(query)).toEqual([]);
  });

  it.each([
    ['Limit=9999', 'limit'],
    ['LIMIT', 'limit'],
    ['limit[]=9999', 'limit'],
    ['limit%5B%5D=9999', 'limit'],
    ['limit[gt]=1', 'limit'],
    ['limit[a][b]=1', 'limit'],
    ['limit[0]=1', 'limit'],
    ['[limit]=1', 'limit'],
    ['+limit=9999', 'limit'],
    ['%20limit=9999', 'limit'],
    ['%2Blimit=9999', 'limit'],
    [' limit=9999', 'limit'],
    ['limit%20=1', 'limit'],
    ['!limit=9', 'limit'],
    ['%4Cimit=1', 'limit'],
    ['%256Cimit=1', 'limit'],
    ['limit%00x=1', 'limit'],
    ['limit%ff=1', 'limit'],
    ['\uff4cimit=1', 'limit'],
    ['l\u0131mit=1', 'limit'],
    ['li%C2%ADmit=1', 'limit'],
    ['x=1;limit=9999', 'limit'],
    ['x=1;LIMIT[]=9999', 'limit'],
    ['x;limit', 'limit'],
    ['limit=1;limit=9999', 'limit'],
    ['limit;x=1', 'limit'],
    ['user.id=1', 'user_id'],
    ['user+id=1', 'user_id'],
    ['user%20id=1', 'user_id'],
    ['user[id=1', 'user_id'],
    ['USER_ID=1', 'user_id'],
    ['Page[Size]=1', 'page[size]'],
    ['page[size][]=1', 'page[size]'],
    ['ids=1', 'ids[]'],
    ['ids[0]=1', 'ids[]'],
    ['name=x', 'Name'],
  ])('is refused where a service may read a parameter that was not checked: %s', (query, name) => {
    expect(refused(query)).toEqual([`${name} misspelt`]);
    expect(refused(`limit=1&${query}`)).toEqual([`${name} misspelt`]);
  });

  it.each([
    '_method=DELETE',
    '_METHOD=DELETE',
    '%5fmethod=PUT',
    '.method=PUT',
    '_method[]=PUT',
    '+_method=PUT',
    'x=1;_method=PUT',
    '%EF%BF%BD_method=PUT',
    '\udc00_method=PUT',
  ])('is refused with a method override, even if declared: %s', (query) => {
    expect(refused(query)).toEqual(['_method unknown']);
    expect(refused(query, [])).toEqual(['_method unknown']);
    expect(refused(query, ['_method'])).toEqual(
      ['_method=DELETE', '%5fmethod=PUT'].includes(query) ? [] : ['_method misspelt'],
    );
  });

  it('is refused with an undeclared parameter if the contract says so', () => {
    const strictly = (query: string) => refused(query, ['limit'], true);
    expect(strictly('limit=1&limit=2&')).toEqual([]);
    expect(strictly('other=1&limit=1&b')).toEqual(['other unknown', 'b unknown']);
    expect(strictly('limit=1;debug=1')).toEqual(['debug unknown']);
    expect(strictly('limit=1;2')).toEqual([]);
    expect(strictly('=1')).toEqual([' unknown']);
    expect(strictly('%ff=1')).toEqual(['%ff unknown']);
    expect(strictly(`${'x'.repeat(1_000)}=1`)).toEqual([`${'x'.repeat(64)} unknown`]);
  });

  it('reads every encoding of a name as the name itself', () => {
    const around = fc.constantFrom('', '+', '%20', '[', '!');
    const behind = fc.constantFrom('', '[]', '[x]', '%5B0%5D', '%00', '%20', '[a][b]');
    const letters = fc.array(fc.constantFrom('plain', 'upper', 'escape', 'twice'), {
      minLength: 5,
      maxLength: 5,
    });
    const spell = (letter: string, how: string): string => {
      const hex = letter.charCodeAt(0).toString(16);
      if (how === 'upper') return letter.toUpperCase();
      if (how === 'escape') return `%${hex}`;
      return how === 'twice' ? `%25${hex}` : letter;
    };
    fc.assert(
      fc.property(around, letters, behind, (front, how, end) => {
        const name = [...'limit'].map((letter, index) => spell(letter, how[index] ?? '')).join('');
        const isExact =
          front === '' && end === '' && !how.some((way) => way !== 'plain' && way !== 'escape');
        expect(refused(`${front}${name}${end}=1`)).toEqual(isExact ? [] : ['limit misspelt']);
      }),
      { numRuns: 2_000 },
    );
  });
});
