# frozen_string_literal: true

module Clv
  # A store and the verbs on it, one at a time.
  class Engine < Handle
    def initialize(**options)
      memory = Memory.new
      super(Call.make(:clv_engine_open, memory.struct(Native::EngineOptions, options)), :clv_engine_free)
    end

    def ingest(transactions, **options, &block)
      verb(:ingest, [Native::IngestOptions, options], transactions, &block)
    end

    # Facts: 'customers', 'consent', 'outcomes', ...
    def record(table, rows, **options, &block)
      verb(:record, table, [Native::IngestOptions, options], rows, &block)
    end

    def fit(summarize: {}, **options, &block)
      verb(:fit, [Native::SummarizeOptions, summarize], [Native::FitOptions, options], &block)
    end

    def score(**options, &block)
      verb(:score, [Native::ScoreOptions, options], &block)
    end

    def segment(**options, &block)
      verb(:segment, [Native::SegmentOptions, options], &block)
    end

    def segment_by_plugin(plugins, id, &block)
      verb(:plugin_segment, plugins, id, &block)
    end

    def propose(plugins, &block)
      verb(:propose, plugins, &block)
    end

    def decide(plugins, **options, &block)
      verb(:decide, plugins, [Native::DecideOptions, options], &block)
    end

    # inputs: tables by name; options_json:
    def report(report, **options, &block)
      verb(:report, [Native::ReportOptions, { report: report, **options }], &block)
    end

    def apply(report, ingest: {}, **options, &block)
      verb(:apply, [Native::ReportOptions, { report: report, **options }], [Native::IngestOptions, ingest], &block)
    end

    def replay(&block) = verb(:replay, &block)

    # Everything stored of one customer.
    def export(customer, &block) = verb(:export, customer, &block)

    def forget(customer, &block) = verb(:forget, customer, &block)

    def backup(path, &block) = verb(:backup, path, &block)

    # Stores what a job computed on an engine that only reads.
    def adopt(done, &block) = verb(:adopt, done, nil, &block)

    # A stored table.
    def read(table) = Table.new(Call.make(:clv_engine_read, pointer, table.to_s))

    # A model the engine keeps: its number, an alias, or nil for the latest.
    def model(name = nil) = Model.new(Call.make(:clv_engine_model, pointer, name))

    private

    def verb(verb, *given, &block) = Job.begin(:"clv_engine_#{verb}_begin", self, *given).run(&block)
  end
end
