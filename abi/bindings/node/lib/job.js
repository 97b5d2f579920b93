// One long operation.
'use strict';
const { promisify } = require('node:util');
const { Handle, constants, koffi } = require('./native.js');
const { Model } = require('./model.js');
const { Table } = require('./table.js');

const STEP_MS = 50;

class Job extends Handle {
  #diag;
  #source;
  #stepping = false;

  /** `kept` are engines and the like that must not be collected before it; a source is read from. */
  constructor(native, pointer, kept, source = null) {
    super(native, pointer, 'clv_job_free');
    this.kept = kept;
    this.#source = source;
    this.#diag = new Handle(native, native.fn('clv_diag_new')(), 'clv_diag_free');
  }

  /** One slice of work, on a thread of koffi's: true when done. */
  async step(milliseconds = STEP_MS) {
    if (this.#stepping) throw new Error('this job is at work');
    this.#stepping = true;
    try {
      const step = promisify(this.native.fn('clv_job_step').async);
      await this.#source?.fetch();
      const slice = this.#source?.milliseconds ?? milliseconds;
      const status = await step(this.pointer, slice, this.#diag.pointer);
      this.#source?.check();
      return this.#done(status);
    } finally {
      this.#stepping = false;
    }
  }

  /** Of its own failures only: what a source throws may be an error of another job. */
  #done(status) {
    try {
      return this.native.checked(status, this.#diag.pointer) !== constants.CLV_MORE;
    } catch (error) {
      error.job = this; // table('rejects') can still be read
      throw error;
    }
  }

  /**
   * To its end. `signal` cancels it (CLV_E_CANCELLED); `onProgress(fraction, phase)` is told, and abandons
   * it when it throws. What failed has let go of its engine, and is kept by its error.
   */
  async run({ signal, onProgress } = {}) {
    const cancel = () => this.cancel();
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      while (!(await this.step())) onProgress?.(...this.progress());
    } catch (error) {
      if (error?.job !== this && !this.#stepping) this.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
    return this;
  }

  /** The step that runs, or the next, ends with CLV_E_CANCELLED. */
  cancel() {
    this.native.fn('clv_job_cancel')(this.pointer);
    this.#source?.stop();
  }

  progress() {
    const size = koffi.sizeof('clv_progress');
    const now = { struct_size: size, phase_count: 0, phase: 0, spare: 0, fraction: 0, phase_name: null };
    this.native.call('clv_job_progress', this.pointer, now);
    return [now.fraction, now.phase_name];
  }

  /** The main table of a finished job, or another of that name. */
  table(name = '') {
    return new Table(this.native, this.native.make('clv_job_take_result', this.pointer, name));
  }

  /** The model of a fit. */
  model() {
    return new Model(this.native, this.native.make('clv_job_take_model', this.pointer));
  }

  /** What it said on its way, such as plugins that failed. */
  get notes() {
    return this.native.notes(this.#diag.pointer);
  }

  close() {
    if (this.#stepping) throw new Error('this job is at work: cancel it and wait');
    super.close();
    this.#diag.close();
  }
}

module.exports = { Job };
