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

  # A prepared model.
  class Scorer < Handle
    def initialize(pointer)
      super(pointer, :clv_scorer_free)
    end

    # x:, t_x:, T:, mean_spend: to all fields of clv_score; NaN where absent.
    def row(**history)
      bytes = [Native::Score.size, 0, *FIELDS.map { |name| history.delete(name) || 0 }].pack(FORMAT)
      raise ArgumentError, "Score has no field '#{history.keys.first}'" unless history.empty?

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
