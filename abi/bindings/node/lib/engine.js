// The verbs on a store.
'use strict';
const { Handle, Memory, constants, koffi } = require('./native.js');
const { List, begin, passed } = require('./begin.js');
const { Model } = require('./model.js');
const { Source } = require('./source.js');

const report = (name, options) => ['clv_report_options', { report: name, ...options }];
const told = (answer) => ['clv_run_options', { answer }];

/**
 * A store and the verbs on it, one at a time. The last argument of each is {signal, onProgress}. `answer` of
 * those that can be asked for twice is {key, body_hash, bytes, now_us}: kept by the same commit, and found
 * by answer().
 */
class Engine extends Handle {
  constructor(native, options = {}) {
    const opened = (memory) => native.make('clv_engine_open', memory.struct('clv_engine_options', options));
    super(native, Memory.lend(opened), 'clv_engine_free');
  }

  ingest(transactions, options, watch) {
    return this.#run('ingest', watch, ['clv_ingest_options', options], transactions);
  }

  /** Tables of an iterable, such as a generator's or a stream's, held one at a time: all of them or none. */
  async ingestBatches(tables, options, watch) {
    const source = new Source(this.native, tables, passed);
    try {
      return await this.#run('ingest_source', watch, ['clv_ingest_options', options], source);
    } finally {
      await source.close();
    }
  }

  /** Facts: 'customers', 'consent', 'outcomes', ... */
  record(table, rows, options, watch) {
    return this.#run('record', watch, ['clv_ingest_options', options], table, rows);
  }

  /**
   * Batches of many senders in one commit: fields of clv_keyed_batch, `rows` a table. A row of the answer
   * for each says what became of it.
   */
  group(batches, watch) {
    return this.#run('group', watch, null, List.structs('clv_keyed_batch', batches), batches.length);
  }

  fit(options, summarize, watch) {
    return this.#run('fit', watch, ['clv_summarize_options', summarize], ['clv_fit_options', options]);
  }

  score(options, watch) {
    return this.#run('score', watch, ['clv_score_options', options]);
  }

  segment(options, watch) {
    return this.#run('segment', watch, ['clv_segment_options', options]);
  }

  segmentByPlugin(plugins, id, watch) {
    return this.#run('plugin_segment', watch, plugins, null, id);
  }

  /** What feature plugins make of the stored candidates. */
  features(plugins, watch) {
    return this.#run('features', watch, plugins, null);
  }

  propose(plugins, watch) {
    return this.#run('propose', watch, plugins, null);
  }

  decide(plugins, options, watch) {
    return this.#run('decide', watch, plugins, ['clv_decide_options', options]);
  }

  /** Options: {inputs: {name: table}, options_json}. */
  report(name, options, watch) {
    return this.#run('report', watch, report(name, options));
  }

  /** A report whose tables are facts to record: makes it and records them in one commit. */
  apply(name, options, ingest, watch) {
    return this.#run('apply', watch, report(name, options), ['clv_ingest_options', ingest]);
  }

  replay(watch) {
    return this.#run('replay', watch, null);
  }

  /** Everything stored of one customer. */
  export(customer, watch) {
    return this.#run('export', watch, null, customer);
  }

  forget(customer, { answer } = {}, watch) {
    return this.#run('forget', watch, told(answer), customer);
  }

  /** Deletes recorded facts that happened before. */
  prune(table, beforeUs, { answer } = {}, watch) {
    return this.#run('prune', watch, told(answer), table, beforeUs);
  }

  /** A verified copy, made while others write. */
  backup(path, watch) {
    return this.#run('backup', watch, null, path);
  }

  /** Stores what a job computed on an engine that only reads. */
  adopt(done, { answer } = {}, watch) {
    return this.#run('adopt', watch, told(answer), done);
  }

  /** The summary of some customers, from the log as it is now. */
  summarize(customers, options, watch) {
    const names = List.texts(customers);
    return this.#run('summarize', watch, ['clv_summarize_options', options], names, customers.length);
  }

  /** A stored table, or with {first, count} some of its rows. */
  async read(table, { first = 0, count = 0 } = {}, watch) {
    const job = await this.#run('read', watch, ['clv_table_options', { table, first, count }]);
    try {
      return job.table();
    } finally {
      job.close();
    }
  }

  /** A model the engine keeps: its number, an alias, or null for the latest. */
  model(name = null) {
    return new Model(this.native, this.native.make('clv_engine_model', this.pointer, name));
  }

  /** Keeps a model that was made elsewhere: its number. */
  addModel(model, { now_us = 0, answer } = {}) {
    const name = Buffer.alloc(8);
    this.#call('clv_engine_add_model', told(answer), model, now_us, new List((_, memory) => memory.bytes(name)));
    return koffi.decode(name.readBigUInt64LE(), 'char', -1);
  }

  /** The alias names another model from now on, where {etag} is still its own: the new etag. */
  setAlias(alias, model, options = {}) {
    const etag = [0];
    this.#call('clv_engine_set_alias', ['clv_alias_options', { alias, model, ...options }], new List(() => etag));
    return Number(etag[0]);
  }

  retireModel(model, { answer } = {}) {
    this.#call('clv_engine_retire_model', told(answer), model);
  }

  /** The last durable sequence of a stream's key; 0 = none. */
  sequence(key) {
    const out = [0];
    this.native.call('clv_engine_sequence', this.pointer, key, out);
    return Number(out[0]);
  }

  /** What a request was answered with; `bytes` is null once they were forgotten. */
  answer(key) {
    const out = { struct_size: koffi.sizeof('clv_answer'), flags: 0, key: null, body_hash: null, bytes: null,
      n_bytes: 0, now_us: 0, made: 0 };
    this.native.call('clv_engine_answer', this.pointer, key, out);
    const size = Number(out.n_bytes);
    const kept = size ? Buffer.from(Buffer.from(koffi.view(out.bytes, size))) : Buffer.alloc(0);
    const bytes = out.flags & constants.CLV_ANSWER_FORGOTTEN ? null : kept;
    return { body_hash: out.body_hash, bytes, now_us: Number(out.now_us), made: Number(out.made) };
  }

  #call(name, ...given) {
    Memory.lend((memory) =>
      this.native.call(name, this.pointer, ...given.map((what) => passed(this.native, memory, what))));
  }

  async #run(verb, watch, ...given) {
    return begin(this.native, `clv_engine_${verb}_begin`, this, ...given).run(watch);
  }
}

module.exports = { Engine };
