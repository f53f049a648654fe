import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyCheck } from './json-keys.ts';

const anything = keyCheck(() => [{ properties: {}, others: 0, items: 0 }])(0);
const judge = (text: string) =>
  anything(Buffer.from(text), JSON.parse(text))?.detail === 'repeats a key';

describe('a key that is given twice', () => {
  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[{"x":{"b":1,"c":2,"b":3}}]',
    '{"__proto__":1,"__proto__":2}',
    '{"":1,"":2}',
    '{"a:\\"b":1,"a:\\"b":2}',
  ])('is found in %s', (text) => {
    expect(judge(text)).toBe(true);
  });

  it.each([
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"b:\\"c\\":","d\\\\":":::"}',
    '{"__proto__":1,"constructor":2}',
    '{"a":["a","a"],"b":null}',
    '":"',
    '0',
  ])('is not found in %s', (text) => {
    expect(judge(text)).toBe(false);
  });

  it('is not found in JSON written from a value, and is found where a member is repeated', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), fc.json(), (text, key, member) => {
        expect(judge(text)).toBe(false);
        expect(judge(`[${text},{${JSON.stringify(key)}:${member}}]`)).toBe(false);
        const twice = `${JSON.stringify(key)}:${member}`;
        const doubled = `[${text},{${twice},${twice}}]`;
        expect(anything(Buffer.from(doubled), JSON.parse(doubled))).toBeDefined();
      }),
    );
  });

  it('is found at any depth', () => {
    const depth = 5_000;
    expect(judge(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`)).toBe(false);
  });
});

describe('a key that differs from another only in case', () => {
  const check = keyCheck(() => [
    { properties: {}, others: 0, items: 0 },
    { properties: { role: 0, user: 2, ID: 0, id: 0, 'a/b': 0, straße: 0 }, others: 2, items: 1 },
    { properties: { isAdmin: 0 }, others: 0, items: 0 },
  ])(1);
  const found = (text: string) => check(Buffer.from(text), JSON.parse(text));

  it.each([
    ['{"Role":1}', '/Role', 'role'],
    ['{"\\u0052ole":1}', '/Role', 'role'],
    ['{"role":1,"ROLE":2}', '/ROLE', 'role'],
    ['{"user":{"isadmin":true}}', '/user/isadmin', 'isAdmin'],
    ['{"anything":{"ISADMIN":true}}', '/anything/ISADMIN', 'isAdmin'],
    ['[[{"x":1},{"user":{"IsAdmin":1}}]]', '/0/1/user/IsAdmin', 'isAdmin'],
    ['{"A/B":1}', '/A~1B', 'a/b'],
    ['{"Id":1}', '/Id', 'id'],
    ['{"u\u017fer":1}', '/uſer', 'user'],
    ['{"us\uff25r":1}', '/usＥr', 'user'],
    ['{"STRASSE":1}', '/STRASSE', 'straße'],
    ['{"x":{"free":{"Key":1,"kEY":2}}}', '/x/free/kEY', 'Key'],
    ['{"\u212Aey":1,"key":2}', '/key', '\u212Aey'],
  ])('is found in %s', (text, at, other) => {
    expect(found(text)).toEqual({ pointer: at, detail: `differs from "${other}" only in case` });
  });

  it.each([
    '{"role":1,"user":{"isAdmin":true},"ID":1,"id":2}',
    '{"rol":1,"Rolex":2,"is_admin":1,"is-admin":2}',
    '{"x":{"y":{"Role":1},"Name":2}}',
    '{"role":"Role","x":["ROLE","role"]}',
    '[{"Key":1},{"key":2}]',
    '{"constructor":1,"toString":2,"hasownproperty":3}',
  ])('is not found in %s', (text) => {
    expect(found(text)).toBeUndefined();
  });

  it('is reported with a limited length of its name', () => {
    const key = 'x'.repeat(5_000);
    const text = `{"${key}":1,"${key.toUpperCase()}":2}`;
    expect(JSON.stringify(found(text)).length).toBeLessThan(500);
  });
});
