// From arguments of JavaScript to a job.
'use strict';
const { Handle, Memory, koffi } = require('./native.js');
const { batch } = require('./columns.js');
const { Job } = require('./job.js');
const { Source } = require('./source.js');
const { Table } = require('./table.js');

/**
 * Begins a job. Handles, names and numbers are given as they are, tables become batches, [type, fields]
 * options, Lists what they say.
 */
function begin(native, name, ...given) {
  const made = (memory) => native.make(name, ...given.map((what) => passed(native, memory, what)));
  const handles = given.filter((what) => what instanceof Handle && !(what instanceof Table));
  return new Job(native, Memory.lend(made), handles, given.find((what) => what instanceof Source));
}

function passed(native, memory, what) {
  if (what instanceof Table) return borrowed(native, memory, what);
  if (what instanceof Handle) return what.pointer;
  if (what === null || typeof what !== 'object') return what;
  if (what instanceof List) return what.lent(native, memory);
  if (what instanceof Source) return what.address;
  if (!Array.isArray(what)) return batch(memory, what);
  const [type, fields = {}] = what;
  return memory.struct(type, withTables(native, memory, fields));
}

function borrowed(native, memory, table) {
  const out = { struct_size: koffi.sizeof('clv_batch'), n_columns: 0, n_rows: 0, columns: null };
  native.call('clv_result_batch', table.pointer, out);
  return memory.struct('clv_batch', out);
}

/** What a repeat of a request is to be answered with: {key, body_hash, bytes, now_us}. */
function answered(memory, { bytes, ...fields }) {
  const kept = Buffer.from(bytes ?? '');
  return { ...fields, bytes: memory.bytes(kept), n_bytes: kept.length };
}

/** An array of C: its address where a call takes it. */
class List {
  constructor(lent) {
    this.lent = lent;
  }

  static texts(texts) {
    return new List((native, memory) => memory.addresses(texts.map((text) => memory.string(text))));
  }

  static structs(type, list) {
    return new List((native, memory) =>
      memory.addresses(list.map((fields) => passed(native, memory, [type, fields]))));
  }
}

/** Fields that are tables by name ("inputs", "facts"), one table, or a model. */
function withTables(native, memory, fields) {
  const known = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || typeof value !== 'object') known[name] = value;
    else if (Buffer.isBuffer(value)) known[name] = memory.bytes(value);
    else if (name === 'answer') known[name] = memory.struct('clv_answer', answered(memory, value));
    else if (name !== 'inputs' && name !== 'facts') known[name] = passed(native, memory, value);
    else {
      const list = Object.entries(value).map(([of, table]) => ({ name: of, batch: passed(native, memory, table) }));
      Object.assign(known, { [`n_${name}`]: list.length });
      if (list.length) known[name] = memory.structs('clv_named_batch', list);
    }
  }
  return known;
}

module.exports = { List, begin, passed };
