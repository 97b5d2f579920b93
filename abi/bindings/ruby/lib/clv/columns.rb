# frozen_string_literal: true

module Clv
  # Values with the type that libclv is to read them as; nil is absent.
  Column = Struct.new(:type, :values, :unit) do
    def self.numbers(values, unit = nil) = new(Native::CLV_T_F64, values, unit)
    def self.integers(values) = new(Native::CLV_T_I64, values)
    # In minor units: cents or whatever the currency's smallest is.
    def self.money(minor, currency) = new(Native::CLV_T_MONEY, minor, currency)
    # Times, or microseconds since 1970 in UTC.
    def self.times(values) = new(Native::CLV_T_TIME, values)
    def self.texts(values) = new(Native::CLV_T_UTF8, values)

    # Strings are texts, times are times, integers stay exact, floats are numbers.
    def self.guessed(name, values)
      return values if values.is_a?(Column)
      return numbers(values) if values.all?(Float)
      return texts(values) if values.all?(String)

      classes = values.map(&:class).uniq - [NilClass]
      case classes.map { |of| KINDS.find { |type, _| of <= type }&.last }.uniq.sort_by(&:to_s)
      when [:text] then texts(values)
      when [:time] then times(values)
      when [:integer] then integers(values)
      when [], [:float], %i[float integer] then numbers(values)
      else raise TypeError, "column '#{name}' holds values of #{classes.join(' and ')}"
      end
    end
  end
  KINDS = { String => :text, Symbol => :text, Time => :time, Integer => :integer, Numeric => :float }.freeze
  private_constant :KINDS

  # Columns by name as a clv_batch.
  module Columns
    module_function

    def batch(memory, columns)
      list = columns.map { |name, values| [name.to_s, Column.guessed(name, values)] }
      rows = list.first&.last&.values&.size || 0
      list.each do |name, column|
        next if column.values.size == rows

        raise ArgumentError, "column '#{name}' has #{column.values.size} rows, the first has #{rows}"
      end
      described = list.map { |name, column| described(memory, name, column) }
      memory.struct(Native::Batch, n_columns: list.size, n_rows: rows,
                                   columns: described.empty? ? 0 : memory.array(Native::Column, described))
    end

    def borrowed(table)
      batch = Call.sized(Native::Batch)
      Call.checking(:clv_result_batch, table.pointer, batch)
      batch
    end

    def described(memory, name, column)
      fields = { name: name, data: 0, validity: 0, offsets: 0, unit: column.unit, stride: 0, type: column.type,
                 spare_word: 0, spare: 0 }
      fields.update(column.type == Native::CLV_T_UTF8 ? texts(memory, name, column) : items(memory, name, column))
      fields[:validity] = memory.bytes(presence(column.values)) if column.values.any?(NilClass)
      fields
    end

    def texts(memory, name, column)
      all_are(name, column.values, 'text', String, Symbol)
      ends = [0]
      texts = column.values.map { |value| Memory.utf8(value.to_s) }
      texts.each { |text| ends << ends.last + text.bytesize }
      { data: memory.bytes("#{texts.join}\0"), offsets: memory.bytes(ends.pack('q*')) }
    end

    def items(memory, name, column)
      values = column.values
      values = values.map { |value| value.is_a?(Time) ? microseconds(value) : value } if values.any?(Time)
      floats = column.type == Native::CLV_T_F64
      floats ? all_are(name, values, 'a number', Numeric) : all_are(name, values, 'an integer', Integer)
      values = values.map { |value| value || 0 } if values.any?(NilClass)
      { data: memory.bytes("#{values.pack(floats ? 'd*' : 'q*')}\0") }
    end

    def all_are(name, values, wanted, *types)
      return if values.all?(types.first)
      return if values.map(&:class).uniq.all? { |of| of == NilClass || types.any? { |type| of <= type } }

      row = values.index { |value| !value.nil? && types.none? { |type| value.is_a?(type) } }
      raise TypeError, "row #{row + 1}, column '#{name}': #{wanted} is needed, not #{values[row].inspect}"
    end

    def microseconds(time) = time.to_i * 1_000_000 + time.usec

    # Bit i % 8 of byte i / 8 is set where row i is present.
    def presence(values) = [values.map { |value| value.nil? ? '0' : '1' }.join].pack('b*')
  end
end
