/** Names under which compiled cells find the host's functions. */
export const HOST = {
  /** As long as `import`, so that a rewritten dynamic import moves no column. */
  dynamicImport: "$dynim",
  staticImport: "$import",
  /** As long as `import.meta`. */
  importMeta: "$importMeta",
  defineModule: "$defineModule",
} as const;
