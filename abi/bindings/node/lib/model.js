// Fitted models, and scores of single customers.
'use strict';
const { Handle, Memory, koffi } = require('./native.js');
const { Table } = require('./table.js');

class Model extends Handle {
  constructor(native, pointer) {
    super(native, pointer, 'clv_model_free');
  }

  /** Parameters with errors, one row each. */
  table() {
    return new Table(this.native, this.native.make('clv_model_table', this.pointer));
  }

  json() {
    const needed = [0];
    this.native.fn('clv_model_save')(this.pointer, null, 0, needed, null);
    const bytes = Buffer.alloc(Number(needed[0]));
    this.native.call('clv_model_save', this.pointer, bytes, bytes.length, needed);
    return bytes.toString();
  }

  /** Scores single customers at once. */
  scorer(options = {}) {
    const made = (memory) =>
      this.native.make('clv_scorer_new', memory.struct('clv_score_options', options), this.pointer);
    return new Scorer(this.native, Memory.lend(made));
  }
}

/** A struct as an object of all its members: those given, and 0. */
function filled(type, fields = {}) {
  const { members } = koffi.type(type);
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(members, name)) throw new TypeError(`${type} has no field '${name}'`);
  }
  const zeros = Object.fromEntries(Object.keys(members).map((name) => [name, 0]));
  return { ...zeros, ...fields, struct_size: koffi.sizeof(type) };
}

function withoutSize({ struct_size: _, ...fields }) {
  return fields;
}

/**
 * What a score needs of one customer, carried on event by event. Its `fields` are numbers that a host keeps in
 * its own row and gives to clv.history() again.
 */
class History {
  #native;
  #struct;

  constructor(native, fields) {
    this.#native = native;
    this.#struct = filled('clv_history', fields);
  }

  /** An event of civil day `day` since 1970-01-01, in the order of days; below 0 it is a refund. */
  add(day, amountMinor) {
    this.#native.call('clv_history_add', this.#struct, day, amountMinor);
    return this;
  }

  get fields() {
    return withoutSize(this.#struct);
  }
}

class Scorer extends Handle {
  constructor(native, pointer) {
    super(native, pointer, 'clv_scorer_free');
  }

  /** {x, t_x, T, mean_spend} to all the fields of clv_score; NaN where absent. */
  row(row) {
    const score = filled('clv_score', row);
    this.native.call('clv_scorer_row', this.pointer, score);
    return withoutSize(score);
  }

  /** The score of a History on that day, the last one observed. */
  history(history, asOfDay) {
    const score = filled('clv_score');
    this.native.call('clv_scorer_history', this.pointer, filled('clv_history', history.fields), asOfDay, score);
    return withoutSize(score);
  }
}

module.exports = { History, Model, Scorer };
