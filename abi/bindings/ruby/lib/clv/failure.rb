# frozen_string_literal: true

module Clv
  # One entry of a clv_diag; row counts from 0 and is nil where it is not about a row.
  Note = Struct.new(:status, :level, :row, :column, :message, :hint, :plugin, keyword_init: true)

  # A call failed. The message is libclv's sentence; nothing was changed.
  class Failure < StandardError
    # name is such as 'CLV_E_DATA'
    attr_reader :status, :name, :notes
    # The job that failed, whose table 'rejects' can still be read.
    attr_accessor :job

    def initialize(status, name, notes)
      @status = status
      @name = name
      @notes = notes
      @last = notes.reverse.find { |note| note.status == status } || Note.new
      super(@last.message || name)
    end

    def row = @last.row
    def column = @last.column
    def hint = @last.hint
    def plugin = @last.plugin
  end
end
