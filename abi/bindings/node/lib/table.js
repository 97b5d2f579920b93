// Tables out.
'use strict';
const { Handle, Memory, constants, koffi, whole } = require('./native.js');

const { CLV_T_F64, CLV_T_I64, CLV_T_UTF8 } = constants;

/** An answer of libclv: named columns that never change. */
class Table extends Handle {
  #names = null;

  constructor(native, pointer) {
    super(native, pointer, 'clv_result_free');
    this.length = Number(native.fn('clv_result_rows')(pointer));
  }

  get names() {
    const count = this.native.fn('clv_result_columns')(this.pointer);
    this.#names ??= Array.from({ length: count }, (_, i) => this.#info(i).name);
    return this.#names;
  }

  /** {name, type, unit, absent}; unit is a currency, 'day', 'week' or ''. */
  info(name) {
    return this.#info(this.#find(name));
  }

  /** Values, null where absent: texts, or numbers (times in microseconds since 1970, money in minor
   * units). An integer beyond 2^53 is an error: then typed() is exact. */
  column(name) {
    const { type } = this.info(name);
    if (type === CLV_T_UTF8) return this.#texts(name);
    const { values, validity } = this.typed(name, CLV_T_F64);
    return Array.from(values, (value, i) => (validity[i >> 3] & (1 << (i & 7)) ? value : null));
  }

  /** Numbers without a detour: {values: Float64Array or BigInt64Array, validity: bits}. */
  typed(name, asType = 0) {
    const column = this.#find(name);
    const type = asType || this.#info(column).type;
    const values = type === CLV_T_F64 ? new Float64Array(this.length) : new BigInt64Array(this.length);
    const validity = new Uint8Array(Math.ceil(this.length / 8));
    if (this.length === 0) return { values, validity };
    const as_type = type === CLV_T_F64 ? CLV_T_F64 : CLV_T_I64;
    Memory.lend((memory) => {
      const into = { column, as_type, values: memory.bytes(values), validity: memory.bytes(validity) };
      this.native.call('clv_result_read', this.pointer, memory.struct('clv_read_options', into));
    });
    return { values, validity };
  }

  /** Rows as objects. */
  *[Symbol.iterator]() {
    const columns = this.names.map((name) => [name, this.column(name)]);
    for (let i = 0; i < this.length; ++i) yield Object.fromEntries(columns.map(([name, values]) => [name, values[i]]));
  }

  /** 32 hex digits over input, options and version: equal fingerprints mean equal tables. */
  get fingerprint() {
    return this.native.fn('clv_result_fingerprint')(this.pointer);
  }

  writeCsv(path) {
    this.native.call('clv_result_write_csv', this.pointer, path);
  }

  #find(name) {
    const at = this.native.fn('clv_result_find')(this.pointer, whole(name));
    if (at < 0) throw new RangeError(`the table has no column '${name}'; it has ${this.names.join(', ')}`);
    return at;
  }

  #info(column) {
    const info = { struct_size: koffi.sizeof('clv_column_info'), type: 0, name: null, unit: null, absent: 0 };
    this.native.call('clv_result_column', this.pointer, column, info);
    return { name: info.name, type: info.type, unit: info.unit, absent: Number(info.absent) };
  }

  /** Looks at the table's own memory, and copies each text out of it. */
  #texts(name) {
    if (this.length === 0) return [];
    const batch = { struct_size: koffi.sizeof('clv_batch'), n_columns: 0, n_rows: 0, columns: null };
    this.native.call('clv_result_batch', this.pointer, batch);
    const at = BigInt(this.#find(name) * koffi.sizeof('clv_column'));
    const { data, offsets, validity } = koffi.decode(batch.columns + at, 'clv_column');
    const ends = new BigInt64Array(koffi.view(offsets, 8 * (this.length + 1)));
    const size = Number(ends[this.length]);
    const bytes = size ? Buffer.from(koffi.view(data, size)) : Buffer.alloc(0);
    const bits = validity ? new Uint8Array(koffi.view(validity, Math.ceil(this.length / 8))) : null;
    return Array.from({ length: this.length }, (_, i) => {
      const present = !bits || bits[i >> 3] & (1 << (i & 7));
      return present ? bytes.toString('utf8', Number(ends[i]), Number(ends[i + 1])) : null;
    });
  }
}

module.exports = { Table };
