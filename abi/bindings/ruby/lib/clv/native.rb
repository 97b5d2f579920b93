# frozen_string_literal: true

module Clv
  # Calls of the C functions.
  module Call
    module_function

    # A zeroed struct that knows its size.
    def sized(type)
      struct = type.malloc(Fiddle::RUBY_FREE)
      struct.to_ptr[0, type.size] = "\0" * type.size
      struct.struct_size = type.size
      struct
    end

    # What a C string says; NULL is nil.
    def text(pointer)
      pointer.null? ? nil : pointer.to_s.force_encoding(Encoding::UTF_8)
    end

    # A text as C takes it, which would read it only as far as a zero byte.
    def whole(text)
      raise ArgumentError, 'a text for libclv has a zero byte in it' if text.b.include?("\0")

      Memory.utf8(text)
    end

    # Throws what a negative status stands for; gives others back.
    def checked(status, diag = nil)
      return status unless status.negative?

      raise Failure.new(status, text(Native.clv_status_name(status)), diag ? notes(diag) : [])
    end

    # Calls a function that takes a clv_diag last.
    def checking(function, *given)
      given = given.map { |value| value.is_a?(String) ? whole(value) : value }
      diag = Native.clv_diag_new
      checked(Native.public_send(function, *given, diag), diag)
    ensure
      Native.clv_diag_free(diag)
    end

    # Calls a function that gives a handle before its clv_diag.
    def make(function, *given)
      out = Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE)
      checking(function, *given, out)
      out.ptr
    end

    def notes(diag)
      Array.new(Native.clv_diag_count(diag)) do |i|
        entry = sized(Native::DiagEntry)
        checked(Native.clv_diag_get(diag, i, entry))
        Note.new(status: entry.status, level: entry.level, row: entry.row.negative? ? nil : entry.row,
                 column: text(entry.column), message: text(entry.message), hint: text(entry.hint),
                 plugin: text(entry.plugin_id))
      end
    end
  end

  # Frees what it holds once, when closed or collected. After a fork it belongs to the process that made
  # it, and only to that.
  class Handle
    def initialize(pointer, free)
      @pointer = pointer
      @process = Process.pid
      @freeing = self.class.freeing(pointer.to_i, free, @process)
      ObjectSpace.define_finalizer(self, @freeing)
    end

    def self.freeing(address, free, process)
      proc { Native.public_send(free, Fiddle::Pointer.new(address)) if Process.pid == process }
    end

    def pointer
      raise IOError, "#{self.class} was made before a fork: make another in this process" if @process != Process.pid

      @pointer || raise(IOError, "#{self.class} was closed")
    end

    def close
      return unless @pointer

      ObjectSpace.undefine_finalizer(self)
      @pointer = nil
      @freeing.call
    end

    # Gives itself to the block and is closed after it; without a block it is given back.
    def using
      return self unless block_given?

      begin
        yield self
      ensure
        close
      end
    end
  end
end
