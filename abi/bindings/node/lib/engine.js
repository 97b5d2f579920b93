// The verbs on a store.
'use strict';
const { Handle, Memory } = require('./native.js');
const { begin } = require('./begin.js');
const { Model } = require('./model.js');
const { Table } = require('./table.js');

/** A store and the verbs on it, one at a time. The last argument of each is {signal, onProgress}. */
class Engine extends Handle {
  constructor(native, options = {}) {
    const opened = (memory) => native.make('clv_engine_open', memory.struct('clv_engine_options', options));
    super(native, Memory.lend(opened), 'clv_engine_free');
  }

  ingest(transactions, options, watch) {
    return this.#run('ingest', watch, ['clv_ingest_options', options], transactions);
  }

  /** Facts: 'customers', 'consent', 'outcomes', ... */
  record(table, rows, options, watch) {
    return this.#run('record', watch, table, ['clv_ingest_options', options], rows);
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
    return this.#run('plugin_segment', watch, plugins, id);
  }

  propose(plugins, watch) {
    return this.#run('propose', watch, plugins);
  }

  decide(plugins, options, watch) {
    return this.#run('decide', watch, plugins, ['clv_decide_options', options]);
  }

  /** Options: {inputs: {name: table}, options_json}. */
  report(report, options, watch) {
    return this.#run('report', watch, ['clv_report_options', { report, ...options }]);
  }

  apply(report, options, ingest, watch) {
    return this.#run('apply', watch, ['clv_report_options', { report, ...options }], ['clv_ingest_options', ingest]);
  }

  replay(watch) {
    return this.#run('replay', watch);
  }

  /** Everything stored of one customer. */
  export(customer, watch) {
    return this.#run('export', watch, customer);
  }

  forget(customer, watch) {
    return this.#run('forget', watch, customer);
  }

  backup(path, watch) {
    return this.#run('backup', watch, path);
  }

  /** Stores what a job computed on an engine that only reads. */
  adopt(done, watch) {
    return this.#run('adopt', watch, done, null);
  }

  /** A stored table. */
  read(table) {
    return new Table(this.native, this.native.make('clv_engine_read', this.pointer, table));
  }

  /** A model the engine keeps: its number, an alias, or null for the latest. */
  model(name = null) {
    return new Model(this.native, this.native.make('clv_engine_model', this.pointer, name));
  }

  async #run(verb, watch, ...given) {
    return begin(this.native, `clv_engine_${verb}_begin`, this, ...given).run(watch);
  }
}

module.exports = { Engine };
