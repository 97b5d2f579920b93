# frozen_string_literal: true

module Clv
  # A fitted model: immutable.
  class Model < Handle
    def initialize(pointer)
      super(pointer, :clv_model_free)
    end

    # Parameters with errors, one row each.
    def table = Table.new(Call.make(:clv_model_table, pointer))

    def json
      needed = Fiddle::Pointer.malloc(8, Fiddle::RUBY_FREE)
      Native.clv_model_save(pointer, nil, 0, needed, nil)
      size = needed[0, 8].unpack1('q')
      bytes = Fiddle::Pointer.malloc(size, Fiddle::RUBY_FREE)
      Call.checking(:clv_model_save, pointer, bytes, size, needed)
      bytes[0, size].force_encoding(Encoding::UTF_8)
    end

    # Scores single customers at once.
    def scorer(**options)
      memory = Memory.new
      Scorer.new(Call.make(:clv_scorer_new, memory.struct(Native::ScoreOptions, options), pointer))
    end
  end

  # What a score needs of one customer, carried on event by event. Its fields are numbers that a host keeps in
  # its own row and gives to Clv.history again.
  class History
    attr_reader :struct

    def initialize(**fields)
      @struct = Memory.new.struct(Native::History, fields)
    end

    # An event of civil day `day` since 1970-01-01, in the order of days; below 0 it is a refund.
    def add(day, amount_minor)
      Call.checking(:clv_history_add, @struct, day, amount_minor)
      self
    end

    def fields = NAMES.to_h { |name| [name.to_sym, @struct[name]] }

    NAMES = (Native::History.members - ['struct_size']).freeze
    private_constant :NAMES
  end

  # A prepared model.
  class Scorer < Handle
    def initialize(pointer)
      super(pointer, :clv_scorer_free)
    end

    # The score of a History on that day, the last one observed; all fields as row gives them.
    def history(history, as_of_day)
      bytes = [Native::Score.size, 0, *FIELDS.map { 0 }].pack(FORMAT)
      Call.checking(:clv_scorer_history, pointer, history.struct, as_of_day, Fiddle::Pointer[bytes])
      NAMES.zip(bytes.unpack(FORMAT).drop(1)).to_h
    end

    # x:, t_x:, T:, mean_spend: to all fields of clv_score; NaN where absent.
    def row(**row)
      bytes = [Native::Score.size, 0, *FIELDS.map { |name| row.delete(name) || 0 }].pack(FORMAT)
      raise ArgumentError, "Score has no field '#{row.keys.first}'" unless row.empty?

      Call.checking(:clv_scorer_row, pointer, Fiddle::Pointer[bytes])
      NAMES.zip(bytes.unpack(FORMAT).drop(1)).to_h
    end

    NAMES = Native::Score.members.drop(1).freeze # after struct_size: the status and doubles
    FIELDS = NAMES.drop(1).map(&:to_sym).freeze
    PACKED = { -Fiddle::TYPE_INT => 'L', Fiddle::TYPE_INT => 'l', Fiddle::TYPE_DOUBLE => 'd' }.freeze
    FORMAT = Native::Score.types.map { |type| PACKED.fetch(type) }.join.freeze
    private_constant :NAMES, :FIELDS, :PACKED, :FORMAT
  end
end
