import { isJson } from './media-type.ts';
import type { BodyCheck } from './request-schema.ts';

/** The check of bodies that come under a range such as `application/*`: of those that are JSON. */
export const jsonInRange =
  (check: BodyCheck): BodyCheck =>
  (body, media) =>
    isJson(media.type) ? check(body, media) : [];
