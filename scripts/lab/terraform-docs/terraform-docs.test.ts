import { describe, expect, it } from '@jest/globals';
import { describeModule } from './describe-module.ts';
import { withGeneratedPart } from './generated-part.ts';
import { parseModule } from './read-module.ts';

const source = `variable "name" {
  description = "First part, such as \\"postern-dev\\"."
  type        = string

  validation {
    condition     = length(var.name) > 0
    error_message = "description = not this"
  }
}

variable "limits" {
  description = "a|b"
  type = object({
    rate  = number
    hosts = optional(list(string), ["x"])
  })
  default = {
    rate = 1
  }
}

data "aws_region" "this" {}

resource "aws_sns_topic" "alarms" {
  name = var.name
}

output "arn" {
  description = "ARN of the topic."
  value       = aws_sns_topic.alarms.arn
}
`;

describe('parseModule', () => {
  it('finds what the module takes, gives and makes', () => {
    expect(parseModule(source)).toEqual({
      variables: [
        {
          name: 'limits',
          description: 'a|b',
          type: 'object({ rate = number, hosts = optional(list(string), ["x"]) })',
          default: '{ rate = 1 }',
        },
        {
          name: 'name',
          description: 'First part, such as "postern-dev".',
          type: 'string',
          default: undefined,
        },
      ],
      outputs: [{ name: 'arn', description: 'ARN of the topic.' }],
      resources: ['aws_sns_topic.alarms'],
    });
  });
});

describe('describeModule', () => {
  it('writes tables whose cells hold together', () => {
    const text = describeModule(parseModule(source));
    expect(text).toContain('| `limits` | a\\|b |');
    expect(text).toContain('| `string` | required |');
    expect(text).toContain('## Outputs\n\n| Name | Description |');
  });

  it('leaves out what there is none of', () => {
    expect(describeModule({ variables: [], outputs: [], resources: [] })).toBe('');
  });
});

describe('withGeneratedPart', () => {
  const document = 'before\n<!-- BEGIN_TF_DOCS -->\nold\n<!-- END_TF_DOCS -->\nafter\n';

  it('replaces what is between the marks, and nothing else', () => {
    const once = withGeneratedPart('README.md', document, 'new');
    expect(once).toBe('before\n<!-- BEGIN_TF_DOCS -->\n\nnew\n\n<!-- END_TF_DOCS -->\nafter\n');
    expect(withGeneratedPart('README.md', once, 'new')).toBe(once);
  });

  it('says what a document without marks needs', () => {
    expect(() => withGeneratedPart('x/README.md', 'words', 'new')).toThrow(
      'x/README.md needs a line <!-- BEGIN_TF_DOCS -->',
    );
  });
});
