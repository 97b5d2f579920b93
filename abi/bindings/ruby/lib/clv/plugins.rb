# frozen_string_literal: true

module Clv
  # Loaded plugins.
  class Plugins < Handle
    def initialize
      super(Call.make(:clv_plugins_new), :clv_plugins_free)
    end

    def load(absolute_path, **options)
      memory = Memory.new
      Call.checking(:clv_plugins_load, pointer, absolute_path, memory.struct(Native::PluginOptions, options))
      self
    end

    def list = Table.new(Call.make(:clv_plugins_list, pointer))

    # What they have logged since the last call.
    def take_log = Table.new(Call.make(:clv_plugins_take_log, pointer))
  end
end
