// Loaded plugins.
'use strict';
const { Handle, Memory } = require('./native.js');
const { Table } = require('./table.js');

class Plugins extends Handle {
  constructor(native) {
    super(native, native.make('clv_plugins_new'), 'clv_plugins_free');
  }

  load(absolutePath, options = {}) {
    Memory.lend((memory) => {
      const given = memory.struct('clv_plugin_options', options);
      this.native.call('clv_plugins_load', this.pointer, given, absolutePath);
    });
    return this;
  }

  /** Their instances anew, with another clock and seed: a further run without loading again. */
  renew({ now_us = 0, seed = 0 } = {}) {
    this.native.call('clv_plugins_renew', this.pointer, now_us, seed);
    return this;
  }

  list() {
    return new Table(this.native, this.native.make('clv_plugins_list', this.pointer));
  }

  /** What they have logged since the last call. */
  takeLog() {
    return new Table(this.native, this.native.make('clv_plugins_take_log', this.pointer));
  }
}

module.exports = { Plugins };
