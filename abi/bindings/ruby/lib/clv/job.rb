# frozen_string_literal: true

module Clv
  # One long operation. The verbs give it back finished; Clv.begin as it begins.
  class Job < Handle
    # From arguments of Ruby: handles, tables, columns by name, [struct, options].
    def self.begin(function, *given)
      memory = Memory.new
      kept = given.grep(Handle) + given.grep(Source)
      new(Call.make(function, *given.map { |value| memory.passed(value) }), kept)
    end

    def initialize(pointer, kept)
      super(pointer, :clv_job_free)
      @kept = kept
      @source = kept.grep(Source).first
      @diag = Handle.new(Native.clv_diag_new, :clv_diag_free)
    end

    # Works for about so many milliseconds, other threads of Ruby go on meanwhile; true when done.
    def step(milliseconds = STEP_MS)
      status = Native.clv_job_step(pointer, milliseconds, @diag.pointer)
      raise @source.raised if @source&.raised

      done(status)
    end

    # To its end. Between steps Ruby handles signals, and the block is told the fraction and the phase; leaving
    # it abandons the job. What failed has let go of its engine, and is kept by its failure.
    def run
      left = true
      until step
        yield(*progress) if block_given?
      end
      left = false
      self
    rescue Failure => e
      left = !e.job.equal?(self)
      raise
    ensure
      close if left
    end

    # From any thread: the step that runs, or the next, ends with CLV_E_CANCELLED.
    def cancel
      Native.clv_job_cancel(pointer)
    end

    def progress
      now = Call.sized(Native::Progress)
      Call.checking(:clv_job_progress, pointer, now)
      [now.fraction, Call.text(now.phase_name)]
    end

    # The main table of a finished job, or another of that name.
    def table(name = '') = Table.new(Call.make(:clv_job_take_result, pointer, name.to_s))

    # The model of a fit.
    def model = Model.new(Call.make(:clv_job_take_model, pointer))

    # What it said on its way, such as plugins that failed.
    def notes = Call.notes(@diag.pointer)

    private

    # Of its own failures only: what a source raises may be a failure of another job.
    def done(status)
      Call.checked(status, @diag.pointer) != Native::CLV_MORE
    rescue Failure => e
      e.job = self
      raise
    end
  end
end
