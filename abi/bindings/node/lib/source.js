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
  #stopped = false;
  #wake = () => {}; // who waits for a table
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
    if (this.#fetched || this.#ended || this.#stopped) return;
    this.#fetching ??= this.#fetch();
    await new Promise((wake, fail) => { // no race: that keeps what it waited for as long as it can be stopped
      this.#wake = wake;
      this.#fetching.then(wake, fail);
    });
  }

  /** No table is waited for any more. */
  stop() {
    this.#stopped = true;
    this.#wake();
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
    const end = this.#end();
    this.#fetching?.catch(() => {});
    if (!this.#fetching) await end;
  }

  /** The iterable is left because something failed: that is told, as `for await` does, and not how it ends. */
  async #end() {
    try {
      await this.#tables.return?.();
    } catch {}
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
