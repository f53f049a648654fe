import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCharacter } from '../../testing/any-character.ts';
import { traceContext } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${parentId}-01`;
const root = 'Root=1-0af76519-16cd43dd8448eb211c80319c';

describe('traceContext', () => {
  it('continues a client’s trace unchanged, and adds it to X-Amzn-Trace-Id', () => {
    expect(traceContext({ traceparent, tracestate: 'a=1,b=2' }, undefined)).toEqual({
      traceId,
      traceparent,
      tracestate: 'a=1,b=2',
      amznTraceId: `${root};Parent=${parentId};Sampled=1`,
      isRecorded: true,
    });
  });

  it('keeps AWS’s header next to a client’s trace', () => {
    const header = 'Root=1-5759e988-bd862e3fe1be46a994272793';
    expect(traceContext({ traceparent, 'x-amzn-trace-id': header }, undefined)).toMatchObject({
      traceparent,
      amznTraceId: header,
    });
  });

  it('continues API Gateway’s trace if the client has none', () => {
    const header = `Self=1-67891234-0123456789abcdef01234567;${root}; Parent=${parentId}; Sampled=1;Lineage=a:1`;
    expect(traceContext({ 'x-amzn-trace-id': header, tracestate: 'a=1' }, undefined)).toEqual({
      traceId,
      traceparent,
      tracestate: undefined,
      amznTraceId: header,
      isRecorded: true,
    });
  });

  it('creates a parent if API Gateway names none, and marks the trace as not sampled', () => {
    const context = traceContext({ 'x-amzn-trace-id': root }, undefined);
    expect(context.traceparent).toMatch(new RegExp(`^00-${traceId}-[\\da-f]{16}-00$`));
    expect(context).toMatchObject({ amznTraceId: root, isRecorded: false });
  });

  it('uses Lambda’s own segment as the parent only if it belongs to the trace', () => {
    const segment = `${root};Parent=${parentId};Sampled=1`;
    expect(traceContext({ 'x-amzn-trace-id': root }, segment)).toMatchObject({
      traceparent,
      amznTraceId: segment,
    });
    expect(traceContext({}, segment)).toMatchObject({ traceparent, amznTraceId: segment });
    const other = 'Root=1-5759e988-bd862e3fe1be46a994272793';
    expect(traceContext({ 'x-amzn-trace-id': other }, segment).amznTraceId).toBe(other);
  });

  it.each([
    [
      'spaces and more fields',
      `Self=a; ${root} ;  Parent=${parentId} ; Sampled=1 ;x`,
      parentId,
      '01',
    ],
    ['another order', `Sampled=1;Parent=${parentId};${root}`, parentId, '01'],
    ['its parent last', `${root};Parent=${parentId}`, parentId, '00'],
    ['its parent first', `Parent=${parentId};${root}`, parentId, '00'],
    ['a parent that begins with 0', `${root};Parent=07ad6b7169203331`, '07ad6b7169203331', '00'],
    ['not sampled', `${root};Parent=${parentId};Sampled=0`, parentId, '00'],
    ['sampled in no known way', `${root};Parent=${parentId};Sampled=10`, parentId, '00'],
    ['another field’s end', `${root};Parent=${parentId};Unsampled=1;xSampled=1`, parentId, '00'],
    ['a parent of zeros', `${root};Parent=${'0'.repeat(16)};Sampled=1`, '[\\da-f]{16}', '01'],
    ['a parent too long', `${root};Parent=${parentId}0;Sampled=1`, '[\\da-f]{16}', '01'],
    ['a parent within another field', `${root};xParent=${parentId}`, '[\\da-f]{16}', '00'],
  ])('reads what AWS’s header says: %s', (_, header, parent, flags) => {
    const { traceparent: read, amznTraceId } = traceContext({ 'x-amzn-trace-id': header }, '');
    expect(read).toMatch(new RegExp(`^00-${traceId}-${parent}-${flags}$`));
    expect(read).not.toContain('0'.repeat(16));
    expect(amznTraceId).toBe(header);
    if (parent !== parentId) expect(read).not.toContain(parentId);
  });

  it.each([
    ['of zeros', 'Root=1-00000000-000000000000000000000000'],
    ['too long', `${root}0`],
    ['too short', root.slice(0, -1)],
    ['of another version', root.replace('1-', '2-')],
    ['within another field', `x${root}`],
  ])('starts a trace for an invalid root: %s', (_, header) => {
    const context = traceContext({ 'x-amzn-trace-id': header }, undefined);
    expect(context.traceId).toMatch(/^(?!0{32})[\da-f]{32}$/);
    expect(context.traceId).not.toBe(traceId);
    const [, newId = '', newParent = ''] = context.traceparent.split('-');
    expect(context).toEqual({
      traceId: newId,
      traceparent: `00-${newId}-${newParent}-00`,
      tracestate: undefined,
      amznTraceId: `Root=1-${newId.slice(0, 8)}-${newId.slice(8)};Parent=${newParent};Sampled=0`,
      isRecorded: false,
    });
  });

  it('keeps a trace whose id has zeros in one of its halves', () => {
    const header = 'Root=1-00000000-06cd43dd8448eb211c80319c';
    const zeros = '0000000006cd43dd8448eb211c80319c';
    expect(traceContext({ 'x-amzn-trace-id': header }, undefined)).toMatchObject({
      traceId: zeros,
      amznTraceId: header,
    });
    const given = `00-${zeros}-07ad6b7169203331-01`;
    expect(traceContext({ traceparent: given }, undefined)).toMatchObject({
      traceId: zeros,
      traceparent: given,
    });
  });

  it('writes to X-Amzn-Trace-Id whether a client’s trace is sampled', () => {
    const amznOf = (flags: string): string =>
      traceContext({ traceparent: `00-${traceId}-${parentId}-${flags}` }, undefined).amznTraceId;
    expect(['00', '01', '02', '03'].map(amznOf)).toEqual(
      ['0', '1', '0', '1'].map((sampled) => `${root};Parent=${parentId};Sampled=${sampled}`),
    );
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['a version that is none', `ff-${traceId}-${parentId}-01`],
    ['more than version 00 has', `${traceparent}-x`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${parentId}-01`],
    ['a parent of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['capital letters', traceparent.toUpperCase()],
    ['two of them', `${traceparent},${traceparent}`],
    ['something before it', `x${traceparent}`],
    ['a version of one digit', traceparent.slice(1)],
    ['a later version’s with more and no dash', `01-${traceId}-${parentId}-01more`],
    ['more than one line', `01-${traceId}-${parentId}-01-a\nb`],
  ])('starts a trace for an invalid traceparent: %s', (_, bad) => {
    const headers = bad === undefined ? {} : { traceparent: bad };
    const context = traceContext({ ...headers, tracestate: 'a=1' }, undefined);
    expect(context.traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
    expect(context.traceId).not.toBe(traceId);
    expect(context.tracestate).toBeUndefined();
  });

  it('accepts additional fields of a later version', () => {
    const later = `01-${traceId}-${parentId}-01-more`;
    expect(traceContext({ traceparent: later }, undefined)).toMatchObject({
      traceId,
      traceparent: later,
    });
  });

  it('creates one valid trace from any headers', () => {
    const text = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.constantFrom(traceparent, root, 'Root=', 'Root=1-00000000-000000000000000000000000'),
    );
    fc.assert(
      fc.property(text, text, fc.option(text, { nil: undefined }), (parent, header, segment) => {
        const context = traceContext({ traceparent: parent, 'x-amzn-trace-id': header }, segment);
        expect(context.traceId).toMatch(/^(?!0{32})[\da-f]{32}$/);
        expect(context.traceparent).toContain(`-${context.traceId}-`);
        expect(context.amznTraceId).toMatch(/Root=1-[\da-f]{8}-[\da-f]{24}/);
      }),
    );
  });
});
