import type { GatewayRequest } from '../src/http/request.ts';

const trace = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: undefined,
  amznTraceId: 'Root=1-0af76519-16cd43dd8448eb211c80319c',
  isRecorded: true,
};

/** A request that came in at time 0, for what begins behind the event. */
export const gatewayRequest = ({
  path = '/',
  ...parts
}: Partial<GatewayRequest> = {}): GatewayRequest => ({
  id: 'request-1',
  method: 'GET',
  path,
  segments: path.split('/').slice(1),
  basePath: '',
  query: '',
  headers: {},
  cookies: [],
  body: undefined,
  clientIp: '198.51.100.7',
  host: 'api.example.com',
  trace,
  receivedAtMs: 0,
  ...parts,
});
