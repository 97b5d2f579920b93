// libclv for Node, for TypeScript. Options are the members of the C structs: declarations.d.ts.
import type * as c from './declarations';

export type { Column, c as structs };

/** Values with the type that libclv is to read them as; null and undefined are absent. */
declare class Column {
  private constructor();
  readonly type: number;
  readonly values: ArrayLike<unknown>;
  readonly unit: string | null;
}
type Absent = null | undefined;
export declare const column: {
  numbers(values: Float64Array | readonly (number | Absent)[], unit?: string): Column;
  integers(values: BigInt64Array | readonly (number | bigint | Absent)[]): Column;
  /** In minor units: cents or whatever the currency's smallest is. */
  money(minor: BigInt64Array | readonly (number | bigint | Absent)[], currency: string): Column;
  /** Dates, or microseconds since 1970 in UTC. */
  times(values: BigInt64Array | readonly (Date | number | bigint | Absent)[]): Column;
  texts(values: readonly (string | Absent)[]): Column;
};
type Values = readonly (string | Absent)[] | readonly (number | Absent)[] | readonly (bigint | Absent)[]
  | readonly (Date | Absent)[] | Float64Array | BigInt64Array;
/** Columns by name: strings are texts, dates are times, numbers are numbers, BigInts are integers. */
export type Columns = { readonly [name: string]: Column | Values };
export type Rows = Columns | Table;
export type Tables = { readonly [name: string]: Rows };
/** What a repeat of a request is to be answered with. */
export type Answer = c.Answer & { key: string };
export type Answered = { answer?: Answer | null };
/** `signal` cancels (CLV_E_CANCELLED); onProgress(fraction, phase) is told between slices. */
export type Watch = { signal?: AbortSignal; onProgress?: (fraction: number, phase: string) => void };
export type Value = string | number | null;
/** A pointer of C, as koffi has it. */
export type Pointer = unknown;

export type Note = {
  status: number;
  level: number;
  /** From 0; null where it is not about a row. */
  row: number | null;
  column: string | null;
  message: string | null;
  hint: string | null;
  plugin: string | null;
};

/** A call failed: `message` is libclv's sentence, and nothing was changed. */
export declare class ClvError extends Error {
  private constructor();
  readonly status: number;
  /** Such as 'CLV_E_DATA'. */
  readonly code: string;
  readonly row: number | null;
  readonly column: string | null;
  readonly hint: string | null;
  readonly plugin: string | null;
  readonly notes: Note[];
  /** The job that failed, whose table 'rejects' can still be read. */
  job?: Job;
}

// As lib.esnext.disposable has it, for programs that are compiled without.
declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
  interface Disposable {
    [Symbol.dispose](): void;
  }
}

/** Frees what it holds once: when closed, or when nobody holds it any more. */
export interface Handle {
  readonly native: Native;
  /** Throws once it was closed. */
  readonly pointer: Pointer;
  close(): void;
  /** close(), for `using`. */
  [Symbol.dispose](): void;
}

/** An answer of libclv: named columns that never change. */
export interface Table extends Handle, Iterable<{ [name: string]: Value }> {
  readonly length: number;
  readonly names: string[];
  info(name: string): { name: string; type: number; unit: string; absent: number };
  column(name: string): Value[];
  typed(name: string, asType?: number): { values: Float64Array | BigInt64Array; validity: Uint8Array };
  readonly fingerprint: string;
  writeCsv(path: string): void;
}

/** One long operation. The verbs give it back finished; begin() as it begins. */
export interface Job extends Handle {
  /** One slice of work: true when done. */
  step(milliseconds?: number): Promise<boolean>;
  run(watch?: Watch): Promise<this>;
  cancel(): void;
  progress(): [fraction: number, phase: string];
  /** The main table of a finished job, or another of that name. */
  table(name?: string): Table;
  /** The model of a fit. */
  model(): Model;
  readonly notes: Note[];
}

/** Fitted, immutable. */
export interface Model extends Handle {
  table(): Table;
  json(): string;
  scorer(options?: c.ScoreOptions): Scorer;
}

export interface Scorer extends Handle {
  row(row: { x: number; t_x: number; T: number; mean_spend?: number }): c.Score;
  history(history: History, asOfDay: number): c.Score;
}

/** What a score needs of one customer, carried on event by event. */
export interface History {
  add(day: number, amountMinor: number): this;
  readonly fields: c.History;
}

export interface Plugins extends Handle {
  load(absolutePath: string, options?: c.PluginOptions): this;
  renew(options?: { now_us?: number | bigint; seed?: number | bigint }): this;
  list(): Table;
  takeLog(): Table;
}

/** A store and the verbs on it, one at a time. */
export interface Engine extends Handle {
  ingest(transactions: Rows, options?: c.IngestOptions, watch?: Watch): Promise<Job>;
  ingestBatches(tables: Iterable<Rows> | AsyncIterable<Rows>, options?: c.IngestOptions, watch?: Watch): Promise<Job>;
  record(table: string, rows: Rows, options?: c.IngestOptions, watch?: Watch): Promise<Job>;
  group(batches: readonly (c.KeyedBatch & { rows: Rows })[], watch?: Watch): Promise<Job>;
  fit(options?: c.FitOptions, summarize?: c.SummarizeOptions, watch?: Watch): Promise<Job>;
  score(options?: c.ScoreOptions, watch?: Watch): Promise<Job>;
  segment(options?: c.SegmentOptions, watch?: Watch): Promise<Job>;
  segmentByPlugin(plugins: Plugins, id: string, watch?: Watch): Promise<Job>;
  features(plugins: Plugins, watch?: Watch): Promise<Job>;
  propose(plugins: Plugins, watch?: Watch): Promise<Job>;
  decide(plugins: Plugins, options?: c.DecideOptions, watch?: Watch): Promise<Job>;
  report(name: string, options?: c.ReportOptions, watch?: Watch): Promise<Job>;
  apply(name: string, options?: c.ReportOptions, ingest?: c.IngestOptions, watch?: Watch): Promise<Job>;
  replay(watch?: Watch): Promise<Job>;
  export(customer: string, watch?: Watch): Promise<Job>;
  forget(customer: string, options?: Answered, watch?: Watch): Promise<Job>;
  prune(table: string, beforeUs: number | bigint, options?: Answered, watch?: Watch): Promise<Job>;
  backup(path: string, watch?: Watch): Promise<Job>;
  adopt(done: Job, options?: Answered, watch?: Watch): Promise<Job>;
  summarize(customers: readonly string[], options?: c.SummarizeOptions, watch?: Watch): Promise<Job>;
  read(table: string, rows?: { first?: number; count?: number }, watch?: Watch): Promise<Table>;
  model(name?: string | null): Model;
  addModel(model: Model, options?: Answered & { now_us?: number | bigint }): string;
  setAlias(alias: string, model: string | null, options?: Omit<c.AliasOptions, 'alias' | 'model'>): number;
  retireModel(model: string, options?: Answered): void;
  sequence(key: string): number;
  answer(key: string): { body_hash: string | null; bytes: Uint8Array | null; now_us: number; made: number };
}

/** The C functions under their own names, for what has no method. */
export interface Native {
  fn(name: string): (...given: any[]) => any;
  checked(status: number, diag?: Pointer): number;
  call(name: string, ...given: unknown[]): number;
  make(name: string, ...given: unknown[]): Pointer;
  notes(diag: Pointer): Note[];
}

export interface Library {
  readonly native: Native;
  readonly abi: [major: number, minor: number];
  readonly version: string;
  readonly build: { [name: string]: unknown };
  engine(options?: c.EngineOptions): Engine;
  plugins(): Plugins;
  describe(absolutePath: string): Table;
  history(fields?: c.History): History;
  model(json: string | Uint8Array): Model;
  catalogue(what: string): Table;
  csv(options: c.CsvOptions, watch?: Watch): Promise<Job>;
  summarize(transactions: Rows, options?: c.SummarizeOptions, watch?: Watch): Promise<Job>;
  fit(summary: Rows, options?: c.FitOptions, watch?: Watch): Promise<Job>;
  score(model: Model, summary: Rows, options?: c.ScoreOptions, watch?: Watch): Promise<Job>;
  segment(scores: Rows, options?: c.SegmentOptions, watch?: Watch): Promise<Job>;
  features(plugins: Plugins, scores: Rows, watch?: Watch): Promise<Job>;
  segmentByPlugin(plugins: Plugins, id: string, scores: Rows, watch?: Watch): Promise<Job>;
  propose(plugins: Plugins, scores: Rows, watch?: Watch): Promise<Job>;
  decide(model: Model, scores: Rows, proposals: Rows, options?: c.DecideOptions, watch?: Watch): Promise<Job>;
  replay(decisions: Rows, watch?: Watch): Promise<Job>;
  simulate(model: Model, options?: c.SimulateOptions, watch?: Watch): Promise<Job>;
  report(report: string, options?: c.ReportOptions, watch?: Watch): Promise<Job>;
  check(path: string, watch?: Watch): Promise<Job>;
  migrate(path: string, copy?: string | null, watch?: Watch): Promise<Job>;
  restore(backup: string, path: string, watch?: Watch): Promise<Job>;
}

export declare const constants: c.Constants;
/** libclv.so.1 of the system, or the one at this path. */
export declare function load(path?: string): Library;
/** An unfinished job of a C function: handles, texts, numbers, tables, and [struct, fields] for options. */
export declare function begin(library: Library, name: string,
  ...given: (Handle | Rows | string | number | bigint | null | [struct: string, fields?: object])[]): Job;
