# frozen_string_literal: true

require 'fiddle/closure'

module Clv
  # Asks an Enumerable of tables for the next one when libclv does, and holds one at a time. What it raises cannot
  # pass through C: it is kept, and raised by the job's step.
  class Source
    ENDED = Object.new.freeze
    private_constant :ENDED

    attr_reader :struct, :raised

    def initialize(tables)
      @tables = marked(tables.each_entry)
      takes = [Fiddle::TYPE_VOIDP, Fiddle::TYPE_VOIDP]
      @next = Fiddle::Closure::BlockCaller.new(Fiddle::TYPE_INT, takes) { |_, out| give(Native::Batch.new(out)) }
      @struct = Memory.new.struct(Native::Source, next: @next.to_i)
    end

    private

    def give(out)
      table = @tables.next
      return Native::CLV_END if table.equal?(ENDED)

      @held = Memory.new # lets go of the table before
      given = Native::Batch.new(@held.passed(table).to_i)
      %w[n_columns n_rows columns].each { |name| out[name] = given[name] }
      Native::CLV_OK
    rescue Exception => e # rubocop:disable Lint/RescueException - also Interrupt: it is raised again by the job
      @raised = e
      Native::CLV_E_IO
    end

    # With a mark after the last, so that a StopIteration is one that the tables raised and not their end.
    def marked(tables)
      Enumerator.new do |given|
        tables.each { |table| given << table }
        given << ENDED
      end
    end
  end
end
