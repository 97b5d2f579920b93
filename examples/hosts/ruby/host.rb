# frozen_string_literal: true

# The host job of ../README.md in Ruby: ruby host.rb LIBRARY PLUGIN ORDERS
require 'clv'

MIDNIGHT = Time.utc(2025, 1, 1)
NOW_US = MIDNIGHT.to_i * 1_000_000
DAY = 86_400
VALUE = { margin: 0.3, annual_discount: 0.1 }.freeze

def six(*numbers) = numbers.map { |number| format('%.6f', number) }.join(' ')

def value(engine, orders)
  log = Clv.csv(path: orders, currency: 'EUR').table
  puts "read #{log.size} transactions"
  taken = engine.ingest(log, source: 'shop', currency: 'EUR').table
  puts "ingested #{taken['accepted'][0]} accepted #{taken['duplicates'][0]} duplicates"
  engine.fit(model: 'bg_nbd+gamma_gamma').table.each do |row|
    puts "parameter #{row['model']} #{row['parameter']} #{six(row['value'])}"
  end
  scores = engine.score(**VALUE).table
  puts "scores #{scores.size} #{scores.fingerprint}"
  puts "value #{six(scores['clv'].inject(:+))}" # sum would compensate, other languages do not
end

# The plugin proposes, libclv decides within 5 cents.
def act(engine, plugin)
  engine.segment(scheme: 'value_tier').table('profile').each do |row|
    puts "segment #{row['segment']} #{row['customers'].to_i}"
  end
  Clv.plugins do |plugins|
    plugins.load(plugin, now_us: NOW_US, seed: 7)
    flags = Clv::Native::CLV_DECIDE_HAS_BUDGET | Clv::Native::CLV_DECIDE_NO_HOLDOUT
    decided = engine.decide(plugins, flags: flags, budget_minor: 5, margin: 0.3, now_us: NOW_US).table
    decided.each do |row|
      puts "decision #{row['customer']} #{row['action']} #{six(row['net'])}" if row['action']
    end
  end
end

# The host's own arrays, without an engine: text, times, money.
def own_columns
  columns = { customer: %w[anna björn anna],
              time: [0, 7, 14].map { |days| MIDNIGHT + days * DAY },
              amount: Clv::Column.money([1999, 500, 2450], 'EUR') }
  summary = Clv.summarize(columns).table
  summary.each do |row|
    numbers = six(row['x'], row['t_x'], row['T'], row['mean_spend'])
    puts "summary #{row['customer']} #{numbers} #{row['revenue']} #{summary.unit('revenue')}"
  end
  Clv.summarize(columns.merge(customer: ['anna', '', 'anna']))
rescue Clv::Failure => e
  puts "refused #{e.row} #{e.column} #{e.name} #{e.message}"
end

library, plugin, orders = ARGV
Clv.load(library)
puts "abi #{Clv.abi.join('.')}"
Clv.engine do |engine|
  value(engine, orders)
  act(engine, plugin)
  # One customer while a page is shown, from what the page knows.
  score = engine.model.scorer(**VALUE).row(x: 3, t_x: 20, T: 30, mean_spend: 25)
  puts "customer #{six(score['p_alive'], score['clv'])}"
end
own_columns
