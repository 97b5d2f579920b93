// Calls of libclv: structs laid out in buffers, diagnostics turned into errors.
'use strict';
const koffi = require('koffi');
const { constants, declare, prototypes } = require('../declarations.js');

// koffi runs asynchronous calls on stacks of its own, 128 KiB unless told; libclv and plugins expect a
// thread's. To be told before any library is loaded.
const STACK = 1 << 20;
let declared = false;

function prepare() {
  if (declared) return;
  if (koffi.config().async_stack_size < STACK) {
    try {
      koffi.config({ async_stack_size: STACK });
    } catch (cause) {
      throw new Error('load libclv before other libraries of koffi: it needs async_stack_size 1 MiB', { cause });
    }
  }
  declare(koffi);
  declared = true;
}

/** A call failed: `message` is libclv's sentence, and nothing was changed. */
class ClvError extends Error {
  constructor(status, name, notes) {
    const last = notes.filter((note) => note.status === status).at(-1);
    super(last?.message || name);
    this.name = 'ClvError';
    this.status = status;
    this.code = name; // 'CLV_E_DATA'
    this.row = last?.row ?? null; // from 0
    this.column = last?.column ?? null;
    this.hint = last?.hint ?? null;
    this.plugin = last?.plugin ?? null;
    this.notes = notes;
  }
}

// Numbers of 64 bits are BigInt to a buffer.
const WRITERS = {
  Int32: (b, at, v) => b.writeInt32LE(v, at),
  UInt32: (b, at, v) => b.writeUInt32LE(v, at),
  Int64: (b, at, v) => b.writeBigInt64LE(BigInt(v), at),
  UInt64: (b, at, v) => b.writeBigUInt64LE(BigInt(v), at),
  Float64: (b, at, v) => b.writeDoubleLE(v, at),
  Pointer: (b, at, v) => b.writeBigUInt64LE(v, at),
  String: (b, at, v) => b.writeBigUInt64LE(v, at),
};

/** A text as C takes it, which would read it only as far as a zero byte. */
function whole(text) {
  if (typeof text === 'string' && text.includes('\0')) throw new TypeError('a text for libclv has a zero byte in it');
  return text;
}

/** What one call hands over by its address, which keeps nothing alive. */
class Memory {
  #kept = [];

  /** Gives a memory to `call`, and lets go of it only after that. */
  static lend(call) {
    const memory = new Memory();
    try {
      return call(memory);
    } finally {
      memory.#kept = [];
    }
  }

  /** Address of bytes; they are not copied. */
  bytes(view) {
    this.#kept.push(view);
    return view.byteLength === 0 ? 0n : koffi.address(view);
  }

  string(text) {
    return this.bytes(Buffer.from(`${whole(text)}\0`));
  }

  /** Address of addresses, one after the other. */
  addresses(list) {
    return this.bytes(BigUint64Array.from(list));
  }

  /** Address of a struct with these fields; what is not given is the default. */
  struct(type, fields) {
    const { members } = koffi.type(type);
    const buffer = Buffer.alloc(koffi.sizeof(type));
    const values = members.struct_size ? { struct_size: buffer.length, ...fields } : fields;
    for (const [name, value] of Object.entries(values)) {
      if (!Object.hasOwn(members, name)) throw new TypeError(`${type} has no field '${name}'`);
      if (value === null || value === undefined) continue;
      const known = typeof value === 'string' ? this.string(value) : value;
      WRITERS[members[name].type.primitive](buffer, members[name].offset, known);
    }
    return this.bytes(buffer);
  }

  /** Address of structs one after the other. */
  structs(type, list) {
    const size = koffi.sizeof(type);
    const all = Buffer.alloc(size * list.length);
    list.forEach((fields, i) => Buffer.from(koffi.view(this.struct(type, fields), size)).copy(all, i * size));
    return this.bytes(all);
  }
}

/** The C functions, found when first called: one that this library lacks is missed by who calls it. */
class Native {
  #library;
  #functions = new Map();

  constructor(path) {
    prepare();
    this.#library = koffi.load(path);
  }

  fn(name) {
    if (!this.#functions.has(name)) {
      const prototype = prototypes.find((p) => p.includes(` ${name}(`) || p.includes(`*${name}(`));
      this.#functions.set(name, this.#library.func(prototype));
    }
    return this.#functions.get(name);
  }

  /** Throws what a negative status stands for; gives others back. */
  checked(status, diag) {
    if (status >= 0) return status;
    throw new ClvError(status, this.fn('clv_status_name')(status), diag ? this.notes(diag) : []);
  }

  /** Calls a function that takes a clv_diag last. */
  call(name, ...given) {
    const diag = this.fn('clv_diag_new')();
    try {
      return this.checked(this.fn(name)(...given.map(whole), diag), diag);
    } finally {
      this.fn('clv_diag_free')(diag);
    }
  }

  /** Calls a function that gives a handle before its clv_diag. */
  make(name, ...given) {
    const out = [null];
    this.call(name, ...given, out);
    return out[0];
  }

  notes(diag) {
    const count = Number(this.fn('clv_diag_count')(diag));
    return Array.from({ length: count }, (_, i) => {
      const entry = { struct_size: koffi.sizeof('clv_diag_entry'), status: 0, level: 0, spare: 0, row: 0,
        column: null, message: null, hint: null, plugin_id: null };
      this.checked(this.fn('clv_diag_get')(diag, i, entry));
      const { status, level, column, message, hint, plugin_id: plugin } = entry;
      return { status, level, row: entry.row < 0 ? null : Number(entry.row), column, message, hint, plugin };
    });
  }
}

const unused = new FinalizationRegistry(({ native, pointer, free }) => native.fn(free)(pointer));

/** Frees what it holds once: when closed, or when nobody holds it any more. */
class Handle {
  #pointer;
  #free;

  constructor(native, pointer, free) {
    this.native = native;
    this.#pointer = pointer;
    this.#free = free;
    unused.register(this, { native, pointer, free }, this);
  }

  get pointer() {
    if (this.#pointer === null) throw new Error(`${this.constructor.name} was closed`);
    return this.#pointer;
  }

  close() {
    if (this.#pointer === null) return;
    unused.unregister(this);
    this.native.fn(this.#free)(this.#pointer);
    this.#pointer = null;
  }
}
if (Symbol.dispose) {
  Handle.prototype[Symbol.dispose] = function dispose() {
    this.close();
  };
}

module.exports = { ClvError, Handle, Memory, Native, constants, koffi, whole };
