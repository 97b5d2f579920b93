// From arguments of JavaScript to a job.
'use strict';
const { Handle, Memory, koffi } = require('./native.js');
const { batch } = require('./columns.js');
const { Job } = require('./job.js');
const { Table } = require('./table.js');

/** Begins a job. Handles and names are given as they are, tables become batches, [type, fields] options. */
function begin(native, name, ...given) {
  const made = (memory) => native.make(name, ...given.map((what) => passed(native, memory, what)));
  const handles = given.filter((what) => what instanceof Handle && !(what instanceof Table));
  return new Job(native, Memory.lend(made), handles);
}

function passed(native, memory, what) {
  if (what instanceof Table) return borrowed(native, memory, what);
  if (what instanceof Handle) return what.pointer;
  if (what === null || typeof what === 'string') return what;
  if (!Array.isArray(what)) return batch(memory, what);
  const [type, fields = {}] = what;
  return memory.struct(type, withTables(native, memory, fields));
}

function borrowed(native, memory, table) {
  const out = { struct_size: koffi.sizeof('clv_batch'), n_columns: 0, n_rows: 0, columns: null };
  native.checked(native.fn('clv_result_batch')(table.pointer, out));
  return memory.struct('clv_batch', out);
}

/** Fields that are tables by name ("inputs", "facts"), one table, or a model. */
function withTables(native, memory, fields) {
  const known = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || typeof value !== 'object') known[name] = value;
    else if (Buffer.isBuffer(value)) known[name] = memory.bytes(value);
    else if (name !== 'inputs' && name !== 'facts') known[name] = passed(native, memory, value);
    else {
      const list = Object.entries(value).map(([of, table]) => ({ name: of, batch: passed(native, memory, table) }));
      Object.assign(known, { [`n_${name}`]: list.length });
      if (list.length) known[name] = memory.structs('clv_named_batch', list);
    }
  }
  return known;
}

module.exports = { begin };
