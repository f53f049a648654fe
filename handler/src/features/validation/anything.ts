/** The check of a value that no schema describes. */
export const anything = (): boolean => true;
