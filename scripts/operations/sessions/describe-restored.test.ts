import { describe, expect, it } from '@jest/globals';
import { describeRestored } from './describe-restored.ts';

const restored = { environment: 'dev', name: 'shop-dev-sessions-2', kept: undefined };

describe('a restored table of sessions', () => {
  it('is put to use by lines of the tfvars in the repository', () => {
    expect(describeRestored(restored, true)).toEqual([
      'restored_sessions_table = "shop-dev-sessions-2"',
    ]);
    expect(describeRestored({ ...restored, kept: 'shop-dev-sessions-1' }, true)).toEqual([
      'kept_sessions_tables = ["shop-dev-sessions-1"]',
      'restored_sessions_table = "shop-dev-sessions-2"',
    ]);
  });

  it('is put to use by environments.yaml and an import in a project', () => {
    expect(describeRestored({ ...restored, kept: 'shop-dev-sessions-1' }, false)).toEqual([
      'environments.yaml, in stores of dev:',
      '  kept_sessions_tables: [shop-dev-sessions-1]',
      '  restored_sessions_table: shop-dev-sessions-2',
      'main.tf, until it is applied:',
      '  import {',
      '    to = module.gateway.module.tables.aws_dynamodb_table.this["shop-dev-sessions-2"]',
      '    id = "shop-dev-sessions-2"',
      '  }',
    ]);
  });
});
