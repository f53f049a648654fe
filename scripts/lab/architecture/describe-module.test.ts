import { describe, expect, it } from '@jest/globals';
import { describeModule } from './describe-module.ts';

const none = { variables: {}, outputs: {}, managed_resources: {} };

describe('describeModule', () => {
  it('writes tables whose cells hold together', () => {
    const text = describeModule({
      variables: {
        limits: {
          name: 'limits',
          description: 'a|b',
          type: 'object({\n    rate  = number\n    hosts = optional(list(string), ["x"])\n  })',
          default: { rate: 1 },
          required: false,
        },
        name: { name: 'name', default: null, required: true },
      },
      outputs: { arn: { name: 'arn', description: 'ARN of the topic.' } },
      managed_resources: { 'aws_sns_topic.alarms': {} },
    });
    expect(text.split('\n')).toEqual([
      ...['## Inputs', '', '| Name | Description | Type | Default |', '| --- | --- | --- | --- |'],
      '| `limits` | a\\|b | `object({ rate = number, hosts = optional(list(string), ["x"]) })` | `{"rate":1}` |',
      '| `name` |  | `any` | required |',
      ...['', '## Outputs', '', '| Name | Description |', '| --- | --- |'],
      '| `arn` | ARN of the topic. |',
      ...['', '## Resources', '', '| Address |', '| --- |', '| `aws_sns_topic.alarms` |'],
    ]);
  });

  it('leaves out the tables that would be empty', () => {
    expect(describeModule(none)).toBe('');
  });
});
