/** Where in calls that describe data values may stand which exist only when the program runs. A new stage is one line here. */

export interface HostArguments {
  /** Positions of arguments that may be such values. */
  readonly values?: readonly number[];
  /** Positions of options, of which each may be one. */
  readonly options?: readonly number[];
}

/** By the name of the function: sources, and what is made of several datasets. */
export const hostFunctions: Readonly<Record<string, HostArguments>> = {
  csv: { values: [0, 2] },
  rows: { values: [1, 2] },
  arrays: { values: [1, 2] },
  from: { values: [1, 2] },
  jsonLines: { values: [0, 2] },
  directory: { values: [0, 2] },
  tail: { values: [0, 2] },
  parquet: { values: [0, 2] },
  arrow: { values: [0, 2] },
  sqlite: { values: [0, 1, 3] },
  duckdb: { values: [0, 1, 3] },
  deadLetter: { values: [0] },
  spool: { values: [0, 1] },
  split: { options: [2] },
  interleave: { options: [1] },
};

/** By the name of the method, of datasets and of datasets with a watermark. Schemas and names are never among them. */
export const hostMethods: Readonly<Record<string, HostArguments>> = {
  map: { values: [1], options: [2] },
  filter: { values: [0] },
  flatMap: { values: [1] },
  window: { values: [2], options: [3] },
  slide: { values: [2], options: [3] },
  mapBatches: { values: [2] },
  scan: { values: [1, 2] },
  takeWhile: { values: [0] },
  sample: { values: [0] },
  peek: { values: [0] },
  dedupe: { options: [0] },
  prefetch: { values: [0] },
  replay: { values: [0], options: [1] },
  targetEncode: { options: [1] },
  rateLimit: { options: [0] },
  debounce: { values: [0] },
  watermark: { options: [0] },
  tumbling: { values: [1, 2], options: [3] },
  sliding: { values: [2], options: [1, 3] },
  session: { values: [2], options: [1, 3] },
};
