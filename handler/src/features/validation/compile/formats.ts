import type { Format } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import * as functions from '../formats.ts';

/**
 * The formats of JSON Schema 2020-12 and OpenAPI 3.1. The regular expressions are written into the validators
 * that use them; the functions are imported there.
 */
export const formats: Readonly<Record<string, Format>> = {
  ...(functions as Record<string, Format>),
  email: fullFormats.email,
  ipv4: fullFormats.ipv4,
  // RFC 9562 §4, without the `urn:uuid:` that belongs to a URI.
  uuid: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  'uri-template': fullFormats['uri-template'],
  'json-pointer': fullFormats['json-pointer'],
  'relative-json-pointer': fullFormats['relative-json-pointer'],
  // RFC 4648 §4.
  byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  // Formats that are annotations only.
  binary: true,
  password: true,
  float: true,
  double: true,
};

/** Values of `format` that have a meaning here; all others are annotations. */
export const checkedFormats: readonly string[] = Object.keys(formats);
