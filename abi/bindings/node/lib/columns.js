// Columns in: arrays of JavaScript as libclv reads them.
'use strict';
const { constants } = require('./native.js');

const { CLV_T_F64, CLV_T_I64, CLV_T_TIME, CLV_T_MONEY, CLV_T_UTF8 } = constants;

/** Values with the type that libclv is to read them as; null and undefined are absent. */
class Column {
  constructor(type, values, unit = null) {
    Object.assign(this, { type, values, unit });
  }
}

// Float64Array and BigInt64Array are handed over as they are; arrays are copied once.
const column = {
  numbers: (values, unit) => new Column(CLV_T_F64, values, unit),
  integers: (values) => new Column(CLV_T_I64, values),
  /** In minor units: cents or whatever the currency's smallest is. */
  money: (minor, currency) => new Column(CLV_T_MONEY, minor, currency),
  /** Dates, or microseconds since 1970 in UTC. */
  times: (values) => new Column(CLV_T_TIME, values),
  texts: (values) => new Column(CLV_T_UTF8, values),
};

/** Strings are texts, dates are times, numbers are numbers, BigInts and BigInt64Arrays are integers. */
function guessed(name, values) {
  if (values instanceof Column) return values;
  if (values instanceof Float64Array) return column.numbers(values);
  if (values instanceof BigInt64Array) return column.integers(values);
  const kinds = new Set();
  for (const v of values) if (v !== null && v !== undefined) kinds.add(v instanceof Date ? 'date' : typeof v);
  const [kind = 'number', another] = kinds;
  const make = { string: column.texts, date: column.times, number: column.numbers, bigint: column.integers }[kind];
  if (another || !make) throw new TypeError(`column '${name}' holds values of ${[...kinds].join(' and ')}`);
  return make(values);
}

function wrong(name, row, wanted, value) {
  return new TypeError(`row ${row + 1}, column '${name}': ${wanted} is needed, not ${typeof value} ${String(value)}`);
}

function whole(name, row, value) {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return BigInt(value.getTime()) * 1000n;
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return BigInt(value);
  throw wrong(name, row, 'a whole number', value);
}

function items(name, { type, values }) {
  const floats = type === CLV_T_F64;
  if (floats ? values instanceof Float64Array : values instanceof BigInt64Array) return values;
  const array = floats ? new Float64Array(values.length) : new BigInt64Array(values.length);
  values.forEach((value, row) => {
    if (value === null || value === undefined) return;
    if (floats && typeof value !== 'number') throw wrong(name, row, 'a number', value);
    array[row] = floats ? value : whole(name, row, value);
  });
  return array;
}

function texts(name, { values }) {
  const ends = new BigInt64Array(values.length + 1);
  const parts = values.map((value, row) => {
    if (value !== null && value !== undefined && typeof value !== 'string') throw wrong(name, row, 'text', value);
    const part = Buffer.from(value ?? '');
    ends[row + 1] = ends[row] + BigInt(part.length);
    return part;
  });
  return { data: Buffer.concat([...parts, Buffer.alloc(1)]), ends };
}

/** Bit i % 8 of byte i / 8 is set where row i is present; null when all are. */
function presence(values) {
  if (ArrayBuffer.isView(values) || !values.some((v) => v === null || v === undefined)) return null;
  const bits = Buffer.alloc(Math.ceil(values.length / 8));
  values.forEach((v, i) => {
    if (v !== null && v !== undefined) bits[i >> 3] |= 1 << (i & 7);
  });
  return bits;
}

function described(memory, name, values) {
  const given = guessed(name, values);
  const fields = { name, type: given.type, unit: given.unit };
  if (given.type === CLV_T_UTF8) {
    const { data, ends } = texts(name, given);
    Object.assign(fields, { data: memory.bytes(data), offsets: memory.bytes(ends) });
  } else {
    const array = items(name, given);
    fields.data = memory.bytes(array.length ? array : new Float64Array(1));
  }
  const bits = presence(given.values);
  if (bits) fields.validity = memory.bytes(bits);
  return fields;
}

/** Address of a clv_batch over columns by name. */
function batch(memory, columns) {
  const names = Object.keys(columns);
  const rows = names.map((name) => (columns[name] instanceof Column ? columns[name].values : columns[name]).length);
  names.forEach((name, i) => {
    if (rows[i] !== rows[0]) throw new TypeError(`column '${name}' has ${rows[i]} rows, the first has ${rows[0]}`);
  });
  const list = names.map((name) => described(memory, name, columns[name]));
  const address = list.length ? memory.structs('clv_column', list) : null;
  return memory.struct('clv_batch', { n_columns: list.length, n_rows: rows[0] ?? 0, columns: address });
}

module.exports = { batch, column };
