# frozen_string_literal: true

require 'json'

# The verbs without a store. Options are the fields of the C structs; a block is called between steps with
# the fraction done and what it is at, and leaving it abandons the verb.
module Clv
  class << self
    # Major and minor.
    def abi
      abi = Native.clv_abi
      [abi >> 16, abi & 0xffff]
    end

    def version = Call.text(Native.clv_version)

    # Without a path all is in memory. Given to the block and closed after it.
    def engine(**options, &block) = Engine.new(**options).using(&block)

    def plugins(&block) = Plugins.new.using(&block)

    def model(json) = Model.new(Call.make(:clv_model_load, Fiddle::Pointer[json], json.bytesize))

    # One customer's history, new or from the fields kept of it; for Scorer#history.
    def history(**fields) = History.new(**fields)

    # What a plugin file says of itself, one row, without loading it into a set.
    def describe(absolute_path) = Table.new(Call.make(:clv_plugin_describe, nil, absolute_path))

    # What this build is made of, for bug reports.
    def build = JSON.parse(Call.text(Native.clv_build_info_json))

    # What can be asked for by name: 'models', 'segmentations', 'schemas', 'reports', ...
    def catalogue(what) = Table.new(Call.make(:clv_catalogue, what))

    # Begins a job for those who step it themselves, by the name of its C function.
    def begin(function, *given) = Job.begin(function, *given)

    # path: or text:, schema:, currency:, ...
    def csv(**options, &block)
      if options[:text]
        options[:text] = Memory.utf8(options[:text]) # before it is measured: other encodings have other sizes
        options[:size] ||= options[:text].bytesize
      end
      verb(:clv_csv_begin, [Native::CsvOptions, options], &block)
    end

    def summarize(transactions, **options, &block)
      verb(:clv_summarize_begin, [Native::SummarizeOptions, options], transactions, &block)
    end

    def fit(summary, **options, &block)
      verb(:clv_fit_begin, [Native::FitOptions, options], summary, &block)
    end

    def score(model, summary, **options, &block)
      verb(:clv_score_begin, [Native::ScoreOptions, options], model, summary, &block)
    end

    def segment(scores, **options, &block)
      verb(:clv_segment_begin, [Native::SegmentOptions, options], scores, &block)
    end

    def features(plugins, scores, &block)
      verb(:clv_features_begin, plugins, nil, scores, &block)
    end

    def segment_by_plugin(plugins, id, scores, &block)
      verb(:clv_plugins_segment_begin, plugins, nil, id, scores, &block)
    end

    def propose(plugins, scores, &block)
      verb(:clv_propose_begin, plugins, nil, scores, &block)
    end

    def decide(model, scores, proposals, **options, &block)
      verb(:clv_decide_begin, [Native::DecideOptions, options], model, scores, proposals, &block)
    end

    def replay(decisions, &block)
      verb(:clv_replay_begin, nil, decisions, &block)
    end

    def simulate(model, **options, &block)
      verb(:clv_simulate_begin, [Native::SimulateOptions, options], model, &block)
    end

    # inputs: tables by name; options_json:, model:
    def report(report, **options, &block)
      verb(:clv_report_begin, [Native::ReportOptions, { report: report, **options }], &block)
    end

    # Every page, key and checksum of a store; reads only.
    def check(path, &block) = verb(:clv_store_check_begin, nil, path, &block)

    # Upgrades an older store, after a verified copy.
    def migrate(path, copy = nil, &block) = verb(:clv_store_migrate_begin, nil, path, copy, &block)

    # A verified backup as a store, all of it or nothing.
    def restore(backup, path, &block) = verb(:clv_store_restore_begin, nil, backup, path, &block)

    private

    def verb(function, *given, &block) = Job.begin(function, *given).run(&block)
  end
end
