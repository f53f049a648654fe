import { describe, expect, it } from '@jest/globals';
import { policyWith } from '../../../testing/token-issuer.ts';
import type { SettingsReader } from '../../environment.ts';
import type { TokenPolicy } from './policy.ts';
import { readSettings } from './settings.ts';

const read = (policy: Partial<TokenPolicy>, variables: Record<string, string> = {}) => {
  const misconfigurations: string[] = [];
  const reader: SettingsReader = {
    variables,
    misconfigurations,
    read: ((name: string, wanted: string) => {
      if (!variables[name]) misconfigurations.push(`${name} is missing: set it to ${wanted}`);
      return variables[name] ?? '';
    }) as SettingsReader['read'],
  };
  return { ...readSettings(policyWith(policy), reader), misconfigurations };
};

describe('the settings of a scheme for access tokens', () => {
  it.each([
    ['https://login.example.com', 'https://login.example.com/.well-known/openid-configuration'],
    ['https://login.example.com/', 'https://login.example.com/.well-known/openid-configuration'],
    ['https://a.example/realms/x', 'https://a.example/realms/x/.well-known/openid-configuration'],
  ])('of the issuer %s have its description at %s', (issuer, url) => {
    expect(read({ issuer }).discoveryUrl.href).toBe(url);
    const byValue = read({ issuer: '${issuer}' }, { GATEWAY_VALUE_issuer: issuer });
    expect(byValue.discoveryUrl.href).toBe(url);
    expect(byValue.policy.issuer).toBe(issuer);
  });

  it('have the values of the environment, one or several separated by commas', () => {
    const { policy, jwksUri, misconfigurations } = read(
      { audiences: ['${api}', 'shop'], clients: ['${web}'], jwksUri: 'https://${host}/keys' },
      {
        GATEWAY_VALUE_api: 'https://api.example.com, orders',
        GATEWAY_VALUE_web: 'app',
        GATEWAY_VALUE_host: 'keys.example.com',
      },
    );
    expect(policy.audiences).toEqual(['https://api.example.com', 'orders', 'shop']);
    expect(policy.clients).toEqual(['app']);
    expect(jwksUri?.href).toBe('https://keys.example.com/keys');
    expect(misconfigurations).toEqual([]);
  });

  it.each(['http://login.example.com', 'login', 'https://user:pw@a.example', 'file:///keys'])(
    'are a misconfiguration, which does not show the value, if the issuer is %s',
    (issuer) => {
      const { misconfigurations } = read({ issuer: '${issuer}' }, { GATEWAY_VALUE_issuer: issuer });
      expect(misconfigurations).toEqual([
        'GATEWAY_VALUE_issuer makes no https URL, which the security scheme oauth needs',
      ]);
    },
  );

  it('accept http for this machine only', () => {
    expect(read({ issuer: 'http://127.0.0.1:4566/pool' }).misconfigurations).toEqual([]);
    expect(read({ issuer: 'http://localhost:8080' }).misconfigurations).toEqual([]);
    expect(read({ issuer: 'http://127.0.0.1.evil.example' }).misconfigurations).toHaveLength(1);
  });

  it('are a misconfiguration if a value is missing, or a list is empty: any audience would do', () => {
    expect(read({ audiences: ['${api}'] }).misconfigurations).toContain(
      'GATEWAY_VALUE_api is missing: set it to what the contract calls api',
    );
    expect(read({ audiences: ['${api}'] }, { GATEWAY_VALUE_api: ' , ' }).misconfigurations).toEqual(
      ['GATEWAY_VALUE_api has no entry'],
    );
  });
});
