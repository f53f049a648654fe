import { contractPart, type Said } from '../../../compiler/contract-part.ts';
import type { Report } from '../../../compiler/problem.ts';
import type { OwnResponses } from '../../../compiler/own-responses.ts';
import type { methods } from '../../../compiler/document.ts';
import { bodySizeRange, readSize, sizeSchema } from '../../../compiler/size.ts';
import { checkRequestSchemas } from './compile/check-request-schemas.ts';
import { compileSchemas } from './compile/compile-schemas.ts';
import { emitRequests } from './compile/emit-requests.ts';
import { planBody } from './compile/plan-body.ts';
import { planKeys } from './compile/plan-keys.ts';
import { planParameters } from './compile/plan-parameters.ts';
import {
  hasNested,
  jsonSchemas,
  movedPlan,
  schemasOf,
  type Permissions,
  type RequestPlan,
} from './compile/request-plan.ts';
import { resolveSchemas } from './compile/resolve-schemas.ts';
import { requestView } from './compile/request-view.ts';
import { nameSchemas } from './compile/schema-names.ts';
import { warnOfWithheldHeaders } from './compile/warn-of-withheld-headers.ts';

const request = {
  type: 'object',
  additionalProperties: false,
  description: 'What a request may contain that the contract does not declare.',
  properties: {
    foldedPath: {
      enum: ['allow', 'deny'],
      default: 'deny',
      description:
        'A path segment that an upstream may read as the literal of another route, such as `/Admin` or `/admin;x` if there is `/admin`.',
    },
    undeclaredBody: {
      enum: ['allow', 'deny'],
      description:
        'A body if the operation has no `requestBody`. Default: `deny` on GET, HEAD, DELETE and OPTIONS, `allow` on POST, PUT and PATCH.',
    },
    undeclaredQuery: {
      enum: ['allow', 'deny'],
      default: 'allow',
      description: 'Query parameters that are not declared.',
    },
    readOnly: {
      enum: ['allow', 'deny'],
      default: 'allow',
      description: 'Properties of a body whose schema is `readOnly`.',
    },
    invalidFormat: {
      enum: ['allow', 'deny'],
      default: 'deny',
      description:
        'Values without the `format` of their schema, such as `2026-01-31 12:00` for a `date-time`: with `allow`, a format is an annotation.',
    },
  },
} as const;

export default contractPart({
  folder: 'features/validation',
  route: {
    request,
    maxBodySize: {
      ...sizeSchema,
      description:
        'Larger bodies are refused with 413. From 0B to 6MiB; Lambda accepts 6 MiB in total, and base64 makes binary bodies a third larger. Default 1MiB.',
    },
  },
  renamed: { maxBodyBytes: '"maxBodySize", such as 16KiB or 1MiB' },
  compile: ({ document, operations, nearest, everywhere, report, warn }) => {
    for (const { value, path } of everywhere('maxBodySize'))
      readSize(value, bodySizeRange, path, report);
    const requests = new Map<string, RequestPlan>(
      operations.map((planned) => [
        planned.id,
        {
          parameters: planParameters(document, planned, { report, warn }),
          body: planBody(document, planned, warn),
          permissions: planPermissions(nearest(planned, 'request')?.value, planned.method),
        },
      ]),
    );
    const written = [...requests.values()];
    warnOfWithheldHeaders(written, warn);
    const resolved = resolveSchemas(document, written.flatMap(schemasOf), report);
    const located =
      (note: Report): Report =>
      (place, ...said) => {
        note(resolved.originOf(place), ...said);
      };
    const moved = new Map(
      [...requests].map(([id, plan]) => [id, movedPlan(plan, resolved.placeOf)] as const),
    );
    const plans = [...moved.values()];
    const slowPatterns = checkRequestSchemas(resolved.document, plans, {
      report: located(report),
      warn: located(warn),
    });
    return (tools) => {
      const view = requestView(resolved.document, plans.flatMap(schemasOf), {
        keepsReadOnly: plans.some(({ permissions }) => permissions.readOnly === 'deny'),
        report: located(report),
      });
      const names = nameSchemas(view.document, plans);
      const checks = compileSchemas(view.document, names.places, {
        groups: plans.map((plan) => schemasOf(plan).map(names.nameOf)),
        runtime: tools.runtime,
        slowPatterns,
        mayAllowInvalidFormat: plans.some(
          ({ permissions }) => permissions.invalidFormat === 'allow',
        ),
      });
      const ofJson = jsonSchemas(plans);
      const keys = planKeys(resolved.document, ofJson);
      const emitted = emitRequests(
        moved,
        {
          ...{ names, checks, keys, recursive: view.recursiveSchemas },
          hasJson: ofJson.length > 0,
          hasNested: plans.some(hasNested),
        },
        tools,
      );
      return {
        feature: tools.use('validate', 'validate.ts'),
        ...emitted,
        responses: (id) => errorsOf(requests.get(id)),
        modules: { ...checks.modules, ...emitted.modules },
      };
    };
  },
});

const errorsOf = (request: RequestPlan | undefined): OwnResponses => {
  if (request === undefined) return {};
  const takesBody = request.body !== undefined || request.permissions.undeclaredBody === 'allow';
  return {
    errors: [
      'VALIDATION_FAILED',
      ...(takesBody ? (['BODY_TOO_LARGE'] as const) : []),
      ...(request.body === undefined ? [] : (['UNSUPPORTED_MEDIA_TYPE'] as const)),
    ],
  };
};

/** The section closest to an operation replaces all others as a whole. */
export const planPermissions = (
  section: Said<typeof request> | undefined,
  method: (typeof methods)[number],
): Permissions => ({
  foldedPath: section?.foldedPath ?? request.properties.foldedPath.default,
  undeclaredBody: section?.undeclaredBody ?? (carriesContent.has(method) ? 'allow' : 'deny'),
  undeclaredQuery: section?.undeclaredQuery ?? request.properties.undeclaredQuery.default,
  readOnly: section?.readOnly ?? request.properties.readOnly.default,
  invalidFormat: section?.invalidFormat ?? request.properties.invalidFormat.default,
});

/**
 * RFC 9110 §9.3 defines no meaning for content with the other methods. A service that does not read it may read it as
 * the next request on the connection.
 */
const carriesContent: ReadonlySet<string> = new Set(['post', 'put', 'patch']);
