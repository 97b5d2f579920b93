# frozen_string_literal: true

# Every verb of the library has a method, which reaches the C function that it is named after; and what a verb
# leaves behind: ruby verbs_test.rb LIBRARY PLUGIN
require 'clv'
require 'json'
require 'set'
require 'tmpdir'
require_relative 'support'

LIBRARY, PLUGIN = ARGV
Clv.load(LIBRARY)
ORDERS = File.expand_path('../../../examples/hosts/orders.csv', __dir__)
SAMPLES = %w[winback buying_habits lifecycle].map { |name| "#{File.dirname(PLUGIN, 2)}/#{name}/#{name}.so" }
NOW_US = 1_735_689_600_000_000
CLAIM = '{"ticket": "T1", "agent": "bob", "as_of": "2025-01-01T11:00Z"}'
# Other ways to what methods read; and what takes Arrow's structs, which is not wrapped.
ELSEWHERE = %i[clv_diag_clear clv_diag_text clv_result_number clv_result_text clv_result_read clv_arrow_batch
               clv_arrow_free clv_arrow_import clv_result_export].freeze
DECLARED = Clv::Native.singleton_methods.grep(/\Aclv_/)
CALLED = Set.new
recording = Module.new do
  DECLARED.each do |name|
    define_method(name) do |*given|
      CALLED << name
      super(*given)
    end
  end
end
Clv::Native.singleton_class.prepend(recording)

def three_orders(cents = [1999, 500, 2450])
  { customer: %w[anna björn anna], time: Clv::Column.times([0, 7, 14].map { |days| NOW_US + days * 86_400_000_000 }),
    amount: Clv::Column.money(cents, 'EUR'), event_id: %w[1 2 3] }
end

def loaded = Clv.plugins.tap { |plugins| SAMPLES.each { |path| plugins.load(path, now_us: NOW_US) } }

# The main table of a job, which is closed: it holds plugins until then.
def taken(job) = job.using(&:table)

def take_events(engine)
  engine.ingest(Clv.csv(path: ORDERS, currency: 'EUR').table, source: 'shop')
  engine.ingest(three_orders, source: 'desk')
  same([3], engine.ingest_batches([three_orders], source: 'lane').table['accepted'].map(&:to_i))
  batch = { rows: three_orders, source: 'till' }
  both = [{ key: 'once', **batch }, { key: 'stream', sequence: 1, **batch }]
  taken = engine.group(both).table
  same([[0, 0], [3, 0]], %w[status accepted].map { |name| taken[name].map(&:to_i) })
  same([1], engine.group(both.take(1)).table['repeated'].map(&:to_i))
  same([1, 0], [engine.sequence('stream'), engine.sequence('nobody')])
  ticket = { ticket: ['T1'], customer: ['anna'], time: Clv::Column.times([NOW_US]), kind: ['created'] }
  engine.record(:ticket_events, ticket, source: 'desk')
  engine.record(:agents, { agent: ['bob'] }, source: 'desk')
  applied = engine.apply('desk_claim', options_json: CLAIM, ingest: { source: 'desk' })
  same([1], applied.table('recorded')['accepted'].map(&:to_i))
end

def value(engine)
  engine.fit
  customers = engine.score(flags: Clv::Native::CLV_SCORE_SUMMARIZE, margin: 0.3).table['customer']
  same(customers, engine.segment.table['customer'])
  same(customers[10, 5], engine.read(:scores, first: 10, count: 5)['customer'])
  same(['björn'], engine.summarize(%w[björn nobody]).table['customer'])
  same(true, engine.report('equity').table['customer_equity'].first.positive?)
end

def act(engine, store)
  plugins = loaded
  same(true, taken(engine.features(plugins)).names.include?('feature.overdue'))
  taken(engine.segment_by_plugin(plugins, 'clv.lifecycle'))
  proposed = taken(engine.propose(plugins))['action']
  decided = taken(engine.decide(plugins, flags: Clv::Native::CLV_DECIDE_NO_HOLDOUT, margin: 0.3))['action']
  same([], decided.compact - proposed)
  same([1], engine.replay.table['matches'].map(&:to_i).uniq)
  same(3, plugins.renew(now_us: NOW_US + 1, seed: 8).list.size)
  plugins.take_log
  same(['clv.winback'], Clv.describe(PLUGIN)['id'])
  adopt(engine, store)
  plugins.close
end

def adopt(engine, store)
  done = Clv.engine(path: store, flags: Clv::Native::CLV_OPEN_READ_ONLY) { |reader| reader.score(margin: 0.4) }
  kept = { body_hash: '4', bytes: "\0done", now_us: NOW_US }
  engine.adopt(done, answer: { key: 'score', **kept })
  same({ **kept, made: 0 }, engine.answer('score'))
  same('CLV_E_EXISTS', thrown(Clv::Failure) { engine.adopt(done, answer: { key: 'score', **kept }) }.name)
end

def keep_models(engine)
  first = engine.model
  same('2', engine.add_model(Clv.model(first.json), answer: { key: 'add', bytes: "anna's" }))
  same([2, "anna's"], engine.answer('add').values_at(:made, :bytes))
  unchecked = Clv::Native::CLV_ALIAS_UNCHECKED
  etag = engine.set_alias('production', '1', flags: unchecked)
  moved = engine.set_alias('production', '2', flags: unchecked, etag: etag)
  same(true, engine.set_alias('production', flags: Clv::Native::CLV_ALIAS_ROLLBACK, etag: moved) > moved)
  engine.retire_model('2')
  same([0, 1], engine.read('models')['retired'].map(&:to_i))
  same(first.json, engine.model('production').json)
  same(true, first.table['parameter'].include?('alpha'))
  first.close
end

def keep_house(engine, folder)
  engine.backup("#{folder}/backup.clv")
  same(true, engine.export('anna').table['name'].include?('transactions'))
  same([0], engine.prune(:ticket_events, NOW_US + 1).table['rows'].map(&:to_i))
  engine.forget('anna', answer: { key: 'forget' })
  same('', engine.answer('forget')[:bytes])
  same(nil, engine.answer('add')[:bytes]) # she was named in it
  same(false, engine.read('transactions')['customer'].include?('anna'))
end

def without_a_store(folder)
  log = Clv.csv(path: ORDERS, currency: 'EUR').table
  summary = Clv.summarize(log).table
  model = Clv.fit(summary).model
  scores = Clv.score(model, summary, margin: 0.3).table
  with_plugins(model, scores)
  same(scores.size, Clv.segment(scores).table.size)
  same(10, Clv.simulate(model, customers: 10, seed: 1).table('truth').size)
  same(true, Clv.report('equity', inputs: { scores: scores }).table['customer_equity'].first.positive?)
  same(true, Clv.catalogue('models')['name'].include?('bg_nbd'))
  same(Clv.version, Clv.build['version'])
  Clv.begin(:clv_summarize_begin, nil, log).using do |job|
    job.run
    same(1.0, job.progress.first)
    job.cancel
    job.table.write_csv("#{folder}/summary.csv")
    same(summary.fingerprint, job.table.fingerprint)
  end
  single_customer(model)
end

def with_plugins(model, scores)
  plugins = loaded
  same(scores.size, Clv.features(plugins, scores).table.size)
  same(scores.size, Clv.segment_by_plugin(plugins, 'clv.lifecycle', scores).table.size)
  facts = { customers: { customer: ['c000022'] } }
  decided = Clv.decide(model, scores, Clv.propose(plugins, scores).table, facts: facts).table
  same([1], Clv.replay(decided).table['matches'].map(&:to_i).uniq)
end

def single_customer(model)
  kept = JSON.parse(JSON.generate(Clv.history.add(20_000, 1999).add(20_014, 500).fields), symbolize_names: true)
  history = Clv.history(**kept).add(20_021, 700)
  model.scorer(margin: 0.3).using do |scorer|
    score = scorer.history(history, 20_030)
    same([2.0, 3.0, 30 / 7r.to_f, 6.0], score.values_at('x', 't_x', 'T', 'mean_spend'))
    same(score['clv'], scorer.row(x: 2, t_x: 3, T: 30 / 7r.to_f, mean_spend: 6)['clv'])
  end
  same('CLV_E_INVALID', thrown(Clv::Failure) { history.add(20_000, 1) }.name)
end

def store_files(folder)
  copy = "#{folder}/copy.clv"
  Clv.restore("#{folder}/backup.clv", copy)
  same(['ok'], Clv.check(copy).table['status'].uniq)
  Clv.migrate(copy)
  restored = Clv.engine(path: copy) { |engine| engine.read('transactions')['customer'] }
  same(true, restored.include?('anna')) # as before she was forgotten
end

test 'every function of the library is reached by a method' do
  CALLED.clear << :clv_abi # by Clv.load
  Dir.mktmpdir do |folder|
    store = "#{folder}/shop.clv"
    Clv.engine(path: store) do |engine|
      take_events(engine)
      value(engine)
      act(engine, store)
      keep_models(engine)
      keep_house(engine, folder)
    end
    without_a_store(folder)
    store_files(folder)
    Clv.catalogue('models').close
  end
  same(true, DECLARED.size > 80)
  same(ELSEWHERE.sort, (DECLARED - CALLED.to_a).sort)
end

test 'the next verb works at once after one that failed, was cancelled or left' do
  model = Clv.model(<<~JSON)
    {"format": "clv.model/1", "unit": "week", "currency": "EUR",
     "purchase": {"model": "bg_nbd", "parameters": {"r": 0.8, "alpha": 2.0, "a": 0.8, "b": 2.5}},
     "spend": {"model": "gamma_gamma", "parameters": {"p": 6.25, "q": 3.75, "gamma": 15.5}}}
  JSON
  many = Clv.simulate(model, customers: 30_000, seed: 1).table
  engine = Clv.engine
  stored = -> { engine.read('transactions').size }
  engine.ingest(three_orders, source: 'shop')
  failed = thrown(Clv::Failure) { engine.ingest(three_orders([1, 2, 3]), source: 'shop') }
  same(3, stored.call)
  cancelled = Clv.begin(:clv_engine_ingest_begin, engine, [Clv::Native::IngestOptions, { source: 'shop' }], many)
  same(false, cancelled.step(1))
  cancelled.cancel
  same('CLV_E_CANCELLED', thrown(Clv::Failure) { cancelled.run }.name)
  same(3, stored.call)
  engine.ingest(many, source: 'shop') { break }
  same(3, stored.call)
  raised = thrown(RangeError) { engine.ingest(many, source: 'shop') { raise RangeError, 'enough' } }
  same(3, stored.call)
  begun = [Clv::Native::IngestOptions, { source: 'shop' }]
  Clv.begin(:clv_engine_ingest_begin, engine, begun, many).using { |job| same(false, job.step(1)) }
  same(3, stored.call)
  same(true, [failed.job, cancelled, raised].all?) # they are alive still
end

# Four tables, every other one libclv's own; in one of them a customer has no name.
def lots(wrong = -1)
  Enumerator.new do |tables|
    4.times do |i|
      customers = ["c#{i}", i == wrong ? '' : "d#{i}", "e#{i}"]
      rows = customers.map { |customer| "#{customer},2025-01-01,1\n" }.join
      tables << if i.even?
                  { **three_orders, customer: customers, event_id: customers.map { |c| "id #{c}" } }
                else
                  Clv.csv(text: "customer,time,amount\n#{rows}", currency: 'EUR').table
                end
      GC.start
    end
  end
end

test 'the tables of an enumerator are taken one after another, all of them or none' do
  engine = Clv.engine
  wrong = thrown(Clv::Failure) { engine.ingest_batches(lots(2)) }
  same([7, 'customer'], [wrong.row, wrong.column]) # counted over all tables
  broken = Enumerator.new do |tables|
    tables << three_orders
    raise IOError, 'the other database went away'
  end
  same('the other database went away', thrown(IOError) { engine.ingest_batches(broken) }.message)
  thrown(TypeError) { engine.ingest_batches([three_orders, { customer: ['a', 1] }]) }
  ended = Object.new.tap { |table| def table.each = raise(StopIteration) }
  thrown(StandardError) { engine.ingest_batches([three_orders, ended]) }
  same([12], engine.ingest_batches(lots).table['accepted'].map(&:to_i))
  same(12, engine.read('transactions').size)
end

test 'a failure that an enumerator raises stays that of its own job, and the engine is let go' do
  engine = Clv.engine
  files = Enumerator.new do |tables|
    tables << three_orders
    tables << Clv.csv(text: "customer,time,amount\na,2024-01-01,1.00\nb,yesterday,2\n", currency: 'EUR').table
  end
  wrong = thrown(Clv::Failure) { engine.ingest_batches(files) }
  same('CLV_E_DATA', wrong.name)
  same([3], engine.ingest(three_orders).table['accepted'].map(&:to_i))
  same([2], wrong.job.table('rejects')['row'].map(&:to_i))
end

test 'a StopIteration that the tables raise is not their end' do
  engine = Clv.engine
  stopped = Enumerator.new do |tables|
    tables << three_orders
    raise StopIteration, 'the cursor is gone'
  end
  same('the cursor is gone', thrown(StopIteration) { engine.ingest_batches(stopped) }.message)
  same('CLV_E_STATE', thrown(Clv::Failure) { engine.read('transactions') }.name) # nothing was stored
  thrown(NoMethodError) { engine.ingest_batches(5) }
end

test 'an answer may have no bytes' do
  engine = Clv.engine
  engine.ingest(three_orders)
  engine.forget('anna', answer: { key: 'once', bytes: nil })
  same('', engine.answer('once')[:bytes])
end

test 'a text with a zero byte is refused and not cut off' do
  engine = Clv.engine
  [
    -> { Clv.catalogue("models\0") },
    -> { Clv.engine(path: "shop\0.clv") },
    -> { Clv.describe("/plugin\0.so") },
    -> { Clv.plugins.load("/plugin.so\0") },
    -> { Clv.catalogue('models')["name\0"] },
    -> { Clv.catalogue('models').write_csv("/tmp/a\0b") },
    -> { engine.model("1\0") },
    -> { engine.sequence("key\0") },
    -> { engine.score(model: "1\0") },
    -> { engine.export("anna\0") },
    -> { engine.record("agents\0", { agent: ['bob'] }) },
    -> { engine.summarize(['anna', "b\0"]) },
    -> { engine.ingest({ "customer\0" => ['a'] }) },
    -> { engine.report('equity', inputs: { "scores\0" => three_orders }) },
    -> { engine.forget('anna', answer: { key: "once\0" }) }
  ].each do |cut|
    same('a text for libclv has a zero byte in it', thrown(ArgumentError, &cut).message)
  end
end

test 'a name in another encoding is that name' do
  engine = Clv.engine
  engine.ingest(three_orders, source: 'shop')
  same(true, engine.export('björn'.encode(Encoding::ISO_8859_1)).table['rows'].sum.positive?)
end

finish
