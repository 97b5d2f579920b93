# frozen_string_literal: true

# What the tests of the binding for Ruby have in common.
require 'English'

TESTS = {}

def test(name, &body) = TESTS[name] = body

def same(wanted, got)
  raise "wanted #{wanted.inspect}, got #{got.inspect}" unless wanted.eql?(got)
end

def thrown(type)
  yield
rescue type => e
  e
else
  raise "no #{type} was raised"
end

# Runs them all, and exits.
def finish
  failed = TESTS.count do |name, body|
    body.call
    false
  rescue Exception => e # rubocop:disable Lint/RescueException
    warn "FAILED: #{name}\n  #{e.full_message(highlight: false)}"
    true
  end
  puts "#{TESTS.size - failed} of #{TESTS.size} tests passed"
  exit(failed.zero?)
end
