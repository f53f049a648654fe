/** The fields of the log that a Logs Insights query names. */
export const queryFields = (query: string): readonly string[] => {
  const aliases = new Set([...query.matchAll(/\bas\s+(\w+)/g)].map(([, alias]) => alias));
  const words = query.replace(/"[^"]*"/g, '').matchAll(/(?<![\w.@])[@a-z_][\w.@]*(?!\w*\()/g);
  return [...new Set([...words].map(([word]) => word))].filter(
    (word) => !aliases.has(word) && !keywords.has(word),
  );
};

const keywords = new Set(
  'fields filter stats sort limit display dedup by as and or not in like asc desc'.split(' '),
);
