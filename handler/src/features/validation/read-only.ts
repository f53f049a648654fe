import type { BodyCheck } from './request-schema.ts';

let isDenied = false;

/** Called for each value whose schema is `readOnly`: whether the operation refuses it. */
export const deniesReadOnly = (): boolean => isDenied;

/** The check of a body that also refuses properties that are `readOnly`. */
export const denyReadOnly =
  (check: BodyCheck): BodyCheck =>
  (body, media) => {
    isDenied = true;
    try {
      return check(body, media);
    } finally {
      isDenied = false;
    }
  };
