# frozen_string_literal: true

module Clv
  # Loaded plugins.
  class Plugins < Handle
    def initialize
      super(Call.make(:clv_plugins_new), :clv_plugins_free)
    end

    def load(absolute_path, **options)
      memory = Memory.new
      Call.checking(:clv_plugins_load, pointer, memory.struct(Native::PluginOptions, options), absolute_path)
      self
    end

    # Their instances anew, with another clock and seed: a further run without loading again.
    def renew(now_us: 0, seed: 0)
      Call.checking(:clv_plugins_renew, pointer, now_us, seed)
      self
    end

    def list = Table.new(Call.make(:clv_plugins_list, pointer))

    # What they have logged since the last call.
    def take_log = Table.new(Call.make(:clv_plugins_take_log, pointer))
  end
end
