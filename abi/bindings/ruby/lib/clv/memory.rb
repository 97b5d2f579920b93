# frozen_string_literal: true

module Clv
  # Structs, strings and arrays that live as long as it does: what one call hands over.
  class Memory
    # Bytes without an encoding are taken as they are.
    def self.utf8(text)
      return text if text.encoding == Encoding::UTF_8

      text.encoding == Encoding::BINARY ? text.dup.force_encoding(Encoding::UTF_8) : text.encode(Encoding::UTF_8)
    end

    def initialize
      @kept = []
    end

    # A struct with these fields; what is not given is the default.
    def struct(type, fields)
      struct = keep(type.members.include?('struct_size') ? Call.sized(type) : type.malloc(Fiddle::RUBY_FREE))
      fields.each do |name, value|
        known = type.members.include?(name.to_s)
        raise ArgumentError, "#{type.name.split('::').last} has no field '#{name}'" unless known

        fill(struct, name.to_s, value)
      end
      struct
    end

    # Address of a string, NUL-terminated.
    def string(text) = bytes("#{Call.whole(text)}\0")

    # Address of bytes as they are.
    def bytes(bytes)
      keep(Fiddle::Pointer[bytes]).to_i
    end

    # Structs one after the other.
    def array(type, list)
      bytes(list.map { |fields| struct(type, fields).to_ptr[0, type.size] }.join)
    end

    # An array of addresses.
    def addresses(list) = bytes(list.pack('J*'))

    def keep(what)
      @kept << what
      what
    end

    # What a C function takes for a value of Ruby.
    def passed(value)
      case value
      when Table then keep(Columns.borrowed(value))
      when Handle then value.pointer
      when Source then value.struct
      when Hash then Columns.batch(self, value)
      when Array then struct(*value)
      else value
      end
    end

    private

    def fill(struct, name, value)
      case name
      when 'facts', 'inputs' then tables(struct, name, value || {})
      when 'text', 'bytes' then struct[name] = value ? bytes("#{value}\0") : 0 # with a size, not up to a zero byte
      when 'answer' then struct[name] = value ? answer(**value).to_i : 0
      else struct[name] = value.is_a?(Hash) ? passed(value).to_i : plain(value)
      end
    end

    # What a repeat of a request is to be answered with.
    def answer(bytes: nil, **fields)
      struct(Native::Answer, { bytes: bytes, n_bytes: bytes.to_s.bytesize, **fields })
    end

    def plain(value)
      case value
      when String, Symbol then string(value.to_s)
      when nil then 0
      when Table, Handle then passed(value).to_i
      else value
      end
    end

    # Tables by name, as "facts" and "inputs" take them.
    def tables(struct, name, value)
      list = value.map { |of, table| { name: of.to_s, batch: passed(table).to_i } }
      struct["n_#{name}"] = list.size
      struct[name] = list.empty? ? 0 : array(Native::NamedBatch, list)
    end
  end
end
