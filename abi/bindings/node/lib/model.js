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

class Scorer extends Handle {
  constructor(native, pointer) {
    super(native, pointer, 'clv_scorer_free');
  }

  /** {x, t_x, T, mean_spend} to all the fields of clv_score; NaN where absent. */
  row(history) {
    const names = Object.keys(koffi.type('clv_score').members);
    const zeros = Object.fromEntries(names.map((name) => [name, 0]));
    const score = { ...zeros, ...history, struct_size: koffi.sizeof('clv_score') };
    this.native.call('clv_scorer_row', this.pointer, score);
    delete score.struct_size;
    return score;
  }
}

module.exports = { Model };
