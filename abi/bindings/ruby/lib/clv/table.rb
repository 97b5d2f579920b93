# frozen_string_literal: true

module Clv
  # An answer of libclv: named columns that never change. Enumerates its rows as hashes.
  class Table < Handle
    include Enumerable

    def initialize(pointer)
      super(pointer, :clv_result_free)
    end

    def size = Native.clv_result_rows(pointer)

    def names
      @names ||= Array.new(Native.clv_result_columns(pointer)) { |i| Call.text(info(i).name) }
    end

    # A currency, "day", "week" or "".
    def unit(name) = Call.text(info(find(name)).unit)

    # Values, nil where absent: texts, floats, or integers (times in microseconds since 1970, money in
    # minor units).
    def [](name, first = 0, count = size - first)
      within = !first.negative? && !count.negative? && first + count <= size
      raise IndexError, "rows #{first} to #{first} + #{count} of #{size}" unless within
      return [] if count.zero?

      column = described(find(name))
      values = column.type == Native::CLV_T_UTF8 ? texts(column, first, count) : items(column, first, count)
      return values if column.validity.null?

      bits = column.validity[0, (size + 7) / 8].unpack1('b*')
      values.each_index { |i| values[i] = nil if bits.getbyte(first + i) == 48 } # '0'
    end

    # Rows, read in blocks.
    def each
      return enum_for(:each) { size } unless block_given?

      0.step(size - 1, 1000) do |first|
        count = [1000, size - first].min
        columns = names.map { |name| self[name, first, count] }
        columns.transpose.each { |values| yield names.zip(values).to_h }
      end
      self
    end

    # 32 hex digits over input, options and version: equal fingerprints mean equal tables.
    def fingerprint = Call.text(Native.clv_result_fingerprint(pointer))

    def write_csv(path)
      Call.checking(:clv_result_write_csv, pointer, path)
    end

    private

    def find(name)
      at = Native.clv_result_find(pointer, Call.whole(name.to_s))
      at.negative? ? raise(KeyError, "the table has no column '#{name}'; it has #{names.join(', ')}") : at
    end

    def info(column)
      info = Call.sized(Native::ColumnInfo)
      Call.checking(:clv_result_column, pointer, column, info)
      info
    end

    def described(column)
      @batch ||= Columns.borrowed(self)
      Native::Column.new(Fiddle::Pointer.new(@batch.columns.to_i + column * Native::Column.size))
    end

    def items(column, first, count)
      (column.data + 8 * first)[0, 8 * count].unpack(column.type == Native::CLV_T_F64 ? 'd*' : 'q*')
    end

    def texts(column, first, count)
      ends = (column.offsets + 8 * first)[0, 8 * (count + 1)].unpack('q*')
      all = ends.last == ends.first ? '' : (column.data + ends.first)[0, ends.last - ends.first]
      ends.each_cons(2).map { |from, to| all.byteslice(from - ends.first, to - from).force_encoding(Encoding::UTF_8) }
    end
  end
end
