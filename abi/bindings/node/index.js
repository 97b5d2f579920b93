// libclv for Node: columns in, tables out. Verbs begin at once, work in slices off the main thread, and
// resolve to their finished job. Options are the fields of the C structs, by name.
'use strict';
const { ClvError, Native, constants } = require('./lib/native.js');
const { begin } = require('./lib/begin.js');
const { column } = require('./lib/columns.js');
const { Engine } = require('./lib/engine.js');
const { History, Model } = require('./lib/model.js');
const { Plugins } = require('./lib/plugins.js');
const { Table } = require('./lib/table.js');

class Library {
  constructor(path) {
    this.native = new Native(path);
    if (this.abi[0] !== constants.CLV_ABI_MAJOR) {
      const ours = constants.CLV_ABI_MAJOR;
      throw new Error(`this binding needs libclv ABI ${ours}, the library has ${this.abi.join('.')}`);
    }
  }

  get abi() {
    const abi = this.native.fn('clv_abi')();
    return [abi >>> 16, abi & 0xffff];
  }

  /** What this build is made of, for bug reports. */
  get build() {
    return JSON.parse(this.native.fn('clv_build_info_json')());
  }

  get version() {
    return this.native.fn('clv_version')();
  }

  /** Without a path all is in memory. */
  engine(options) {
    return new Engine(this.native, options);
  }

  plugins() {
    return new Plugins(this.native);
  }

  /** What a plugin file says of itself, one row, without loading it into a set. */
  describe(absolutePath) {
    return new Table(this.native, this.native.make('clv_plugin_describe', null, absolutePath));
  }

  /** One customer's history, new or from the fields kept of it; for scorer.history(). */
  history(fields) {
    return new History(this.native, fields);
  }

  model(json) {
    const bytes = Buffer.from(json);
    return new Model(this.native, this.native.make('clv_model_load', bytes, bytes.length));
  }

  /** What can be asked for by name: 'models', 'segmentations', 'schemas', 'reports', ... */
  catalogue(what) {
    return new Table(this.native, this.native.make('clv_catalogue', what));
  }

  /** A path or a text. */
  csv(options, watch) {
    const { text, ...others } = options;
    const bytes = text === undefined ? null : Buffer.from(text);
    const given = bytes ? { ...others, text: bytes, size: bytes.length } : others;
    return this.#run('clv_csv_begin', watch, ['clv_csv_options', given]);
  }

  summarize(transactions, options, watch) {
    return this.#run('clv_summarize_begin', watch, ['clv_summarize_options', options], transactions);
  }

  fit(summary, options, watch) {
    return this.#run('clv_fit_begin', watch, ['clv_fit_options', options], summary);
  }

  score(model, summary, options, watch) {
    return this.#run('clv_score_begin', watch, ['clv_score_options', options], model, summary);
  }

  segment(scores, options, watch) {
    return this.#run('clv_segment_begin', watch, ['clv_segment_options', options], scores);
  }

  features(plugins, scores, watch) {
    return this.#run('clv_features_begin', watch, plugins, null, scores);
  }

  segmentByPlugin(plugins, id, scores, watch) {
    return this.#run('clv_plugins_segment_begin', watch, plugins, null, id, scores);
  }

  propose(plugins, scores, watch) {
    return this.#run('clv_propose_begin', watch, plugins, null, scores);
  }

  decide(model, scores, proposals, options, watch) {
    return this.#run('clv_decide_begin', watch, ['clv_decide_options', options], model, scores, proposals);
  }

  replay(decisions, watch) {
    return this.#run('clv_replay_begin', watch, null, decisions);
  }

  simulate(model, options, watch) {
    return this.#run('clv_simulate_begin', watch, ['clv_simulate_options', options], model);
  }

  /** Options: {inputs: {name: table}, options_json, model}. */
  report(report, options, watch) {
    return this.#run('clv_report_begin', watch, ['clv_report_options', { report, ...options }]);
  }

  /** Every page, key and checksum of a store; reads only. */
  check(path, watch) {
    return this.#run('clv_store_check_begin', watch, null, path);
  }

  /** Upgrades an older store, after a verified copy. */
  migrate(path, copy = null, watch = undefined) {
    return this.#run('clv_store_migrate_begin', watch, null, path, copy);
  }

  /** A verified backup as a store, all of it or nothing. */
  restore(backup, path, watch) {
    return this.#run('clv_store_restore_begin', watch, null, backup, path);
  }

  async #run(name, watch, ...given) {
    return begin(this.native, name, ...given).run(watch);
  }
}

exports.load = (path = 'libclv.so.1') => new Library(path);
/** Begins a job for those who step it themselves, by the name of its C function. */
exports.begin = (library, name, ...given) => begin(library.native, name, ...given);
exports.ClvError = ClvError;
exports.column = column;
exports.constants = constants;
