import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { traceContext } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${parentId}-01`;
const root = 'Root=1-0af76519-16cd43dd8448eb211c80319c';

describe('traceContext', () => {
  it('continues a client’s trace as it came, and tells AWS’s tools of it', () => {
    expect(traceContext({ traceparent, tracestate: 'a=1,b=2' }, undefined)).toEqual({
      traceId,
      traceparent,
      tracestate: 'a=1,b=2',
      amznTraceId: `${root};Parent=${parentId};Sampled=1`,
      isRecorded: true,
    });
  });

  it('keeps AWS’s header beside a client’s trace', () => {
    const header = 'Root=1-5759e988-bd862e3fe1be46a994272793';
    expect(traceContext({ traceparent, 'x-amzn-trace-id': header }, undefined)).toMatchObject({
      traceparent,
      amznTraceId: header,
    });
  });

  it('continues API Gateway’s trace where the client has none', () => {
    const header = `Self=1-67891234-0123456789abcdef01234567;${root}; Parent=${parentId}; Sampled=1;Lineage=a:1`;
    expect(traceContext({ 'x-amzn-trace-id': header, tracestate: 'a=1' }, undefined)).toEqual({
      traceId,
      traceparent,
      tracestate: undefined,
      amznTraceId: header,
      isRecorded: true,
    });
  });

  it('makes up a parent where API Gateway names none, and does not call the trace sampled', () => {
    const context = traceContext({ 'x-amzn-trace-id': root }, undefined);
    expect(context.traceparent).toMatch(new RegExp(`^00-${traceId}-[\\da-f]{16}-00$`));
    expect(context).toMatchObject({ amznTraceId: root, isRecorded: false });
  });

  it('takes Lambda’s own segment for the parent where it belongs to the trace, and else not', () => {
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
    ['none', undefined],
    ['an empty one', ''],
    ['a version that is none', `ff-${traceId}-${parentId}-01`],
    ['more than version 00 has', `${traceparent}-x`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${parentId}-01`],
    ['a parent of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['capital letters', traceparent.toUpperCase()],
    ['two of them', `${traceparent},${traceparent}`],
  ])('begins a trace for a traceparent that is no good: %s', (_, bad) => {
    const headers = bad === undefined ? {} : { traceparent: bad };
    const context = traceContext({ ...headers, tracestate: 'a=1' }, undefined);
    expect(context.traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
    expect(context.traceId).not.toBe(traceId);
    expect(context.tracestate).toBeUndefined();
  });

  it('accepts what a later version adds', () => {
    const later = `01-${traceId}-${parentId}-01-more`;
    expect(traceContext({ traceparent: later }, undefined)).toMatchObject({
      traceId,
      traceparent: later,
    });
  });

  it('of whatever headers come, gives one sound trace', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
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
