/** RFC 6838 §4.2, without parameters. */
export const mediaType = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i;

/** @param types such as `image/png` and `image/*`, in lower case. */
export const isAllowedType = (type: string, types: readonly string[]): boolean => {
  const text = type.toLowerCase();
  return (
    mediaType.test(text) &&
    types.some((allowed) =>
      allowed.endsWith('*') ? text.startsWith(allowed.slice(0, -1)) : text === allowed,
    )
  );
};
