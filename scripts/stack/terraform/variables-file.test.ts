import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../command-line/folders.ts';
import { portOf, services } from '../demo-upstreams/services.ts';
import { withDemoServicesAt } from './variables-file.ts';

const tfvars = readFileSync(join(projectFolder, 'handler/testing/example/local.tfvars'), 'utf8');
const urlOf = (name: string, cloudPort: number) => `"http://127.0.0.1:${portOf(name, cloudPort)}"`;

describe('withDemoServicesAt', () => {
  it.each(Object.keys(services))('moves the %s service from its port in local.tfvars', (name) => {
    expect(tfvars).toContain(urlOf(name, 4566));
    const moved = withDemoServicesAt(4600, tfvars);
    expect(moved).toContain(urlOf(name, 4600));
    expect(moved).not.toContain(urlOf(name, 4566));
  });

  it('leaves services of the user alone', () => {
    const own = 'upstream_service_urls = { orders = "http://127.0.0.1:9000" }';
    expect(withDemoServicesAt(4600, own)).toBe(own);
  });
});
