// Events that do not lie in one table: batch after batch, as an iterable gives them.
'use strict';
const { Memory, constants, koffi } = require('./native.js');

let asked = null; // the type of `next`
const SLICE_MS = 1; // a slice ends when a table was taken, and the next one is waited for off libclv

/**
 * Tables of an iterable, also of an asynchronous one, that libclv asks for one by one. They are fetched between
 * slices: asked within one, there is what was fetched, or as yet nothing. What the iterable throws is thrown
 * by the slice.
 */
class Source {
  #native;
  #tables;
  #fill; // makes a batch of a table
  #fetched = null;
  #fetching = null;
  #ended = false;
  #stop;
  #stopped = new Promise((stop) => {
    this.#stop = stop;
  });
  #held = null;
  #thrown = null;
  #callback;
  #struct;

  constructor(native, tables, fill) {
    const iterate = tables[Symbol.asyncIterator] ?? tables[Symbol.iterator];
    if (!iterate) throw new TypeError('an iterable of tables is needed');
    this.#native = native;
    this.#tables = iterate.call(tables);
    this.#fill = fill;
    asked ??= koffi.pointer(koffi.proto('int32_t (void *ctx, void *out)'));
    this.#callback = koffi.register((_, out) => this.#next(out), asked);
    this.#struct = new Memory();
    this.address = this.#struct.struct('clv_source', { next: koffi.address(this.#callback) });
  }

  get milliseconds() {
    return SLICE_MS;
  }

  /** Waits for the next table, or to be stopped; called between slices. */
  async fetch() {
    if (this.#fetched || this.#ended) return;
    this.#fetching ??= this.#fetch();
    await Promise.race([this.#fetching, this.#stopped]);
  }

  /** No table is waited for any more. */
  stop() {
    this.#stop();
  }

  /** Throws what could not be handed over. */
  check() {
    if (this.#thrown) throw this.#thrown.error;
  }

  /** libclv asks no more: the iterable's own end is run, and waited for unless it is still asked for a table. */
  async close() {
    koffi.unregister(this.#callback);
    this.#held = null;
    if (this.#ended) return;
    const end = Promise.resolve(this.#tables.return?.());
    if (!this.#fetching) await end;
    for (const left of [end, this.#fetching]) left?.catch(() => {});
  }

  async #fetch() {
    const { value, done } = await this.#tables.next();
    this.#fetching = null;
    if (done) this.#ended = true;
    else this.#fetched = { table: value };
  }

  #next(out) {
    if (!this.#fetched) return this.#ended ? constants.CLV_END : constants.CLV_OK; // *out has no rows yet
    const { table } = this.#fetched;
    this.#fetched = null;
    this.#held = new Memory(); // lets go of the table before
    try {
      koffi.encode(out, 'clv_batch', koffi.decode(this.#fill(this.#native, this.#held, table), 'clv_batch'));
      return constants.CLV_OK;
    } catch (error) { // cannot pass through C
      this.#thrown = { error };
      return constants.CLV_E_IO;
    }
  }
}

module.exports = { Source };
