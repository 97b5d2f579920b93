# frozen_string_literal: true

module Clv
  # A store and the verbs on it, one at a time. answer: of those that can be asked for twice has key:, body_hash:,
  # bytes:, now_us:; it is kept by the same commit, and found by `answer`.
  class Engine < Handle
    def initialize(**options)
      memory = Memory.new
      super(Call.make(:clv_engine_open, memory.struct(Native::EngineOptions, options)), :clv_engine_free)
    end

    def ingest(transactions, **options, &block)
      verb(:ingest, [Native::IngestOptions, options], transactions, &block)
    end

    # Tables one after another, such as those of an Enumerator, held one at a time: all of them or none.
    def ingest_batches(tables, **options, &block)
      verb(:ingest_source, [Native::IngestOptions, options], Source.new(tables), &block)
    end

    # Facts: 'customers', 'consent', 'outcomes', ...
    def record(table, rows, **options, &block)
      verb(:record, [Native::IngestOptions, options], table.to_s, rows, &block)
    end

    # Batches of many senders in one commit: fields of clv_keyed_batch, rows: a table. A row of the answer for
    # each says what became of it.
    def group(batches, &block)
      memory = Memory.new
      list = batches.map { |fields| memory.struct(Native::KeyedBatch, fields).to_i }
      verb(:group, nil, Fiddle::Pointer.new(memory.addresses(list)), list.size, &block)
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
      verb(:plugin_segment, plugins, nil, id, &block)
    end

    # What feature plugins make of the stored candidates.
    def features(plugins, &block)
      verb(:features, plugins, nil, &block)
    end

    def propose(plugins, &block)
      verb(:propose, plugins, nil, &block)
    end

    def decide(plugins, **options, &block)
      verb(:decide, plugins, [Native::DecideOptions, options], &block)
    end

    # inputs: tables by name; options_json:
    def report(report, **options, &block)
      verb(:report, [Native::ReportOptions, { report: report, **options }], &block)
    end

    # A report whose tables are facts to record: makes it and records them in one commit.
    def apply(report, ingest: {}, **options, &block)
      verb(:apply, [Native::ReportOptions, { report: report, **options }], [Native::IngestOptions, ingest], &block)
    end

    def replay(&block) = verb(:replay, nil, &block)

    # Everything stored of one customer.
    def export(customer, &block) = verb(:export, nil, customer, &block)

    def forget(customer, answer: nil, &block) = verb(:forget, told(answer), customer, &block)

    # Deletes recorded facts that happened before.
    def prune(table, before_us, answer: nil, &block) = verb(:prune, told(answer), table.to_s, before_us, &block)

    # A verified copy, made while others write.
    def backup(path, &block) = verb(:backup, nil, path, &block)

    # Stores what a job computed on an engine that only reads.
    def adopt(done, answer: nil, &block) = verb(:adopt, told(answer), done, &block)

    # The summary of some customers, from the log as it is now.
    def summarize(customers, **options, &block)
      memory = Memory.new
      names = Fiddle::Pointer.new(memory.addresses(customers.map { |name| memory.string(name) }))
      verb(:summarize, [Native::SummarizeOptions, options], names, customers.size, &block)
    end

    # A stored table, or `count` of its rows from `first` on.
    def read(table, first: 0, count: 0, &block)
      verb(:read, [Native::TableOptions, { table: table, first: first, count: count }], &block).using(&:table)
    end

    # A model the engine keeps: its number, an alias, or nil for the latest.
    def model(name = nil) = Model.new(Call.make(:clv_engine_model, pointer, name))

    # Keeps a model that was made elsewhere: its number.
    def add_model(model, now_us: 0, answer: nil)
      Call.text(out { |name| call(:clv_engine_add_model, told(answer), model, now_us, name) }.ptr)
    end

    # The alias names another model from now on, where etag: is still its own: the new etag.
    def set_alias(name, model = nil, **options)
      fields = { alias: name, model: model, **options }
      out { |etag| call(:clv_engine_set_alias, [Native::AliasOptions, fields], etag) }[0, 8].unpack1('q')
    end

    def retire_model(model, answer: nil)
      call(:clv_engine_retire_model, told(answer), model)
      nil
    end

    # The last durable sequence of a stream's key; 0 = none.
    def sequence(key) = out { |last| call(:clv_engine_sequence, key, last) }[0, 8].unpack1('q')

    # What a request was answered with; bytes is nil once they were forgotten.
    def answer(key)
      kept = Call.sized(Native::Answer)
      call(:clv_engine_answer, key, kept)
      bytes = kept.n_bytes.zero? ? +'' : kept.bytes[0, kept.n_bytes]
      bytes = nil if kept.flags.anybits?(Native::CLV_ANSWER_FORGOTTEN)
      { body_hash: Call.text(kept.body_hash), bytes: bytes, now_us: kept.now_us, made: kept.made }
    end

    private

    # clv_run_options, with what the commit is to keep.
    def told(answer) = [Native::RunOptions, { answer: answer }]

    def verb(verb, *given, &block) = Job.begin(:"clv_engine_#{verb}_begin", self, *given).run(&block)

    def call(function, *given)
      memory = Memory.new
      Call.checking(function, pointer, *given.map { |value| memory.passed(value) })
    end

    # Eight bytes that a function fills.
    def out
      Fiddle::Pointer.malloc(8, Fiddle::RUBY_FREE).tap { |made| yield made }
    end
  end
end
