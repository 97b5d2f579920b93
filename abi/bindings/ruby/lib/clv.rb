# frozen_string_literal: true

# libclv for Ruby, through Fiddle: columns in, tables out.
#   Clv.load
#   engine = Clv.engine(path: '/var/lib/crm/clv.sqlite')
module Clv
  STEP_MS = 50

  class << self
    # The library that was loaded, or is to be.
    def path
      @path || ENV.fetch('CLV_LIBRARY', 'libclv.so.1')
    end

    # Once in a process, before anything else; without a path the system's library.
    def load(path = nil)
      raise ArgumentError, "#{self.path} is loaded already" if path && @loaded && path != self.path

      @path ||= path
      @loaded ||= %w[declarations native failure memory columns table source job model plugins library engine].each do |part|
        require_relative "clv/#{part}"
      end
      major, minor = abi
      return self if major == Native::CLV_ABI_MAJOR

      raise LoadError, "this binding needs libclv ABI #{Native::CLV_ABI_MAJOR}, the library has #{major}.#{minor}"
    end
  end
end
