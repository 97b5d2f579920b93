# frozen_string_literal: true

# The binding for Ruby: ruby -I abi/bindings/ruby/lib binding_test.rb LIBRARY PLUGIN
require 'clv'
require_relative 'support'

LIBRARY, PLUGIN = ARGV
Clv.load(LIBRARY)
MODEL = Clv.model(<<~JSON)
  {"format": "clv.model/1", "unit": "week", "currency": "EUR",
   "purchase": {"model": "bg_nbd", "parameters": {"r": 0.8, "alpha": 2.0, "a": 0.8, "b": 2.5}},
   "spend": {"model": "gamma_gamma", "parameters": {"p": 6.25, "q": 3.75, "gamma": 15.5}}}
JSON
DAY_US = 86_400_000_000
MANY = { customers: 2_000_000, seed: 1 }.freeze

def orders(customers, cents = 500)
  times = customers.each_index.map { |i| (20_000 + i) * DAY_US }
  { customer: customers, time: Clv::Column.times(times), amount: Clv::Column.money([cents] * customers.size, 'EUR'),
    event_id: customers.each_index.map { |i| "e#{i}" } }
end

test 'a failure says status, row, column and sentence' do
  wrong = thrown(Clv::Failure) { Clv.summarize(orders(['anna', '', 'anna'])) }
  same([-7, 'CLV_E_DATA', 1, 'customer'], [wrong.status, wrong.name, wrong.row, wrong.column])
  same("row 2, column 'customer': is empty", wrong.message)
  wrong = thrown(Clv::Failure) { Clv.catalogue('nonsense') }
  same(['CLV_E_NOT_FOUND', nil, nil], [wrong.name, wrong.row, wrong.column])
  same('CLV_E_IO', thrown(Clv::Failure) { Clv.csv(path: '/nowhere.csv') }.name)
end

test 'nil where a table or a handle belongs is a failure, not a crash' do
  native = Clv::Native
  same(native::CLV_E_INVALID, native.clv_job_step(nil, 0, nil))
  same(native::CLV_E_INVALID, native.clv_summarize_begin(nil, nil, nil, nil))
  same(0, native.clv_diag_count(nil))
  native.clv_result_free(nil)
  same('CLV_E_INVALID', thrown(Clv::Failure) { Clv.begin(:clv_engine_score_begin, nil, nil) }.name)
end

test 'options are checked by name and never ignored' do
  wrong = thrown(ArgumentError) { Clv.engine(pth: 'x') }
  same("EngineOptions has no field 'pth'", wrong.message)
  same('CLV_E_UNSUPPORTED', thrown(Clv::Failure) { Clv.engine(flags: 1 << 30) }.name)
  thrown(ArgumentError) { Clv.load('/another/libclv.so') }
end

test 'text with umlauts, beyond the BMP and with quotes comes back as it went in' do
  names = ['Jürgen Größe', '東京', '🎉', "a\"b,c\n"]
  got = Clv.summarize(orders(names)).table['customer']
  same(names.sort, got)
  same([Encoding::UTF_8], got.map(&:encoding).uniq)
  others = ['Größe'.encode('ISO-8859-1'), 'Öl'.b, :symbol]
  same(%w[Größe symbol Öl], Clv.summarize(orders(others)).table['customer'])
  same(0, thrown(Clv::Failure) { Clv.summarize(orders(["\xff\xfe"])) }.row)
  same(Clv.catalogue('models').size, Clv.catalogue('models')['source'].size)
end

test 'absent values go in and come out as nil' do
  summary = { customer: %w[a b c], x: [2, 0, 1], t_x: [5.0, 0.0, 2.5], T: [10.0, 10.0, 9.0],
              mean_spend: [20.0, nil, 30.0] }
  scores = Clv.score(MODEL, summary).table
  mixed = Clv.score(MODEL, summary.merge(mean_spend: [20, nil, 30.0])).table
  same(scores.fingerprint, mixed.fingerprint)
  table = Clv.csv(text: "customer,note,n\na,,1\nb,x,\n", schema: 'any').table
  same([{ 'customer' => 'a', 'note' => nil, 'n' => 1.0 }, { 'customer' => 'b', 'note' => 'x', 'n' => nil }], table.to_a)
end

test 'a text in another encoding is read whole' do
  latin = "customer,n\nM\u00fc\u00df\u00df,1\nend,2\n".encode(Encoding::ISO_8859_1)
  same([{ 'customer' => "M\u00fc\u00df\u00df", 'n' => 1.0 }, { 'customer' => 'end', 'n' => 2.0 }],
       Clv.csv(text: latin, schema: 'any').table.to_a)
end

test 'types of columns are guessed, and mixed ones refused with row and column' do
  same(Clv::Native::CLV_T_TIME, Clv::Column.guessed('t', [Time.at(0), nil]).type)
  same(Clv::Native::CLV_T_F64, Clv::Column.guessed('n', [nil]).type)
  thrown(TypeError) { Clv.summarize({ customer: ['a', 1] }) }
  wrong = thrown(TypeError) { Clv.summarize({ amount: Clv::Column.money([1, 2.5], 'EUR') }) }
  same("row 2, column 'amount': an integer is needed, not 2.5", wrong.message)
  thrown(ArgumentError) { Clv.summarize({ a: [1], b: [1, 2] }) }
end

test 'integers are exact and blocks of rows are read as the whole is' do
  names = Array.new(2_500) { |i| format('c%05d', i) }
  summary = Clv.summarize(orders(names, 1_234_567_890_123)).table
  same(1_234_567_890_123, summary['revenue'].last)
  same('EUR', summary.unit('revenue'))
  same(summary['customer'][1_003, 9], summary['customer', 1_003, 9])
  same(names, summary.map { |row| row['customer'] })
  thrown(IndexError) { summary['customer', 2_499, 2] }
  thrown(KeyError) { summary['nonsense'] }
end

test 'a job can be stepped, cancelled from another thread and abandoned' do
  job = Clv.begin(:clv_simulate_begin, [Clv::Native::SimulateOptions, MANY], MODEL)
  same(false, job.step(1))
  same(true, job.progress.first.between?(0, 1) && !job.progress.last.empty?)
  cancelling = Thread.new { job.cancel }
  same('CLV_E_CANCELLED', thrown(Clv::Failure) { job.run }.name)
  cancelling.join
  seen = 0
  thrown(StopIteration) do
    Clv.simulate(MODEL, **MANY) { raise StopIteration if (seen += 1) == 2 }
  end
  same(2, seen)
end

test 'other threads of Ruby go on while a step works' do
  turns = 0
  turning = Thread.new { loop { (turns += 1) && sleep(0.001) } }
  job = Clv.begin(:clv_simulate_begin, [Clv::Native::SimulateOptions, MANY], MODEL)
  before = turns
  job.step(200)
  turning.kill
  raise "#{turns - before} turns" unless turns - before > 5
end

test 'Ctrl-C ends a verb after the step it is in' do
  interrupting = Thread.new { sleep(0.1) && Process.kill(:INT, Process.pid) }
  thrown(Interrupt) { Clv.simulate(MODEL, customers: 20_000_000, seed: 1) }
  interrupting.join
end

test 'two engines have nothing in common' do
  one = Clv.engine
  two = Clv.engine
  one.ingest(orders(%w[anna björn]), source: 's')
  two.ingest(orders(%w[carla]), source: 's')
  same(%w[anna björn], one.read('transactions')['customer'])
  same(%w[carla], two.read('transactions')['customer'])
  same(1, one.export('anna').table('transactions').size)
  one.forget('anna')
  same(%w[björn], one.read('transactions')['customer'])
  same('CLV_E_STATE', thrown(Clv::Failure) { two.score }.name)
  open = Clv.begin(:clv_engine_ingest_begin, two, [Clv::Native::IngestOptions, {}], orders(%w[d]))
  same('CLV_E_CONFLICT', thrown(Clv::Failure) { two.replay }.name)
  open.close
  2.times { two.close }
  thrown(IOError) { two.read('transactions') }
end

test 'a rejected file keeps the rows that were wrong' do
  text = "customer,time,amount\na,2024-01-01,1.00\nb,yesterday,2\n"
  wrong = thrown(Clv::Failure) { Clv.csv(text: text, currency: 'EUR') }
  same(['CLV_E_DATA', 2], [wrong.name, wrong.job.table('rejects')['row'].first.to_i])
end

test 'plugins load once, list themselves, and facts are tables by name' do
  Clv.plugins do |plugins|
    plugins.load(PLUGIN, now_us: 20_000 * DAY_US)
    same([PLUGIN], plugins.list['path'])
    same('CLV_E_EXISTS', thrown(Clv::Failure) { plugins.load(PLUGIN) }.name)
    same('CLV_E_INVALID', thrown(Clv::Failure) { plugins.load('relative.so') }.name)
    summary = { customer: %w[a b], x: [3, 0], t_x: [5.0, 0.0], T: [30.0, 10.0], mean_spend: [20.0, nil] }
    scores = Clv.score(MODEL, summary).table
    proposals = Clv.propose(plugins, scores).table
    consent = { customer: ['a'], channel: ['email'], time: Clv::Column.times([0]), granted: [1] }
    same(%w[a b], Clv.decide(MODEL, scores, proposals, facts: { consent: consent }).table['customer'])
    thrown(Clv::Failure) { Clv.report('backtest', inputs: { nonsense: consent }) }
  end
end

test 'feature and segmentation plugins answer by their ids' do
  folder = File.dirname(PLUGIN, 2)
  plugins = Clv.plugins
  %w[lifecycle buying_habits].each { |name| plugins.load("#{folder}/#{name}/#{name}.so") }
  same(%w[clv.lifecycle clv.buying_habits], plugins.list['id'])
  same(0, plugins.take_log.size)
  engine = Clv.engine
  engine.ingest(orders(%w[anna björn anna]), source: 's')
  engine.fit
  engine.score
  features = Clv.features(plugins, engine.read('candidates')).table
  same(%w[anna björn], features['customer'])
  same(true, features.names[1].start_with?('feature.'))
  same(2, engine.segment_by_plugin(plugins, 'clv.lifecycle').table('profile')['customers'].sum.to_i)
  same('CLV_E_PLUGIN', thrown(Clv::Failure) { engine.segment_by_plugin(plugins, 'clv.buying_habits') }.name)
end

test 'a model is the same after JSON, and a row scores as the table does' do
  same(MODEL.json, Clv.model(MODEL.json).json)
  scores = Clv.score(MODEL, { x: [3], t_x: [5.0], T: [30.0], mean_spend: [20.0] }).table
  row = MODEL.scorer.row(x: 3, t_x: 5, T: 30, mean_spend: 20)
  same(scores['clv'].first, row['clv'])
  same(row['p_alive'], MODEL.scorer.row(x: 3, t_x: 5, T: 30)['p_alive'])
  wrong = thrown(Clv::Failure) { MODEL.scorer.row(x: 3, t_x: 40, T: 30) }
  same(%w[CLV_E_NUMERIC t_x], [wrong.name, wrong.column])
end

test 'a forked worker has engines of its own and leaves those of its parent alone' do
  engine = Clv.engine
  child = fork do
    thrown(IOError) { engine.read('transactions') }
    engine.close
    mine = Clv.engine
    mine.ingest(orders(%w[x]), source: 's')
    exit!(mine.read('transactions').size == 1)
  end
  Process.wait(child)
  same(0, $CHILD_STATUS.exitstatus)
  engine.ingest(orders(%w[anna]), source: 's')
  same(1, engine.read('transactions').size)
end

test 'what nobody holds any more is freed' do
  resident = -> { File.read('/proc/self/statm').split[1].to_i * 4096 }
  before = resident.call
  100.times do |i|
    Clv.simulate(MODEL, customers: 10_000, seed: i).table
    GC.start if (i % 10).zero?
  end
  grown = resident.call - before
  raise "#{grown} bytes" unless grown < 100_000_000
end

finish
