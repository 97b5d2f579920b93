# frozen_string_literal: true

Gem::Specification.new do |gem|
  gem.name = 'clv'
  gem.version = '0.1.0'
  gem.summary = 'Customer lifetime value and retention actions: libclv.so.1 through its C ABI'
  gem.authors = ['libclv']
  gem.license = 'Apache-2.0'
  gem.files = Dir['lib/**/*.rb', 'README.md', base: __dir__]
  gem.required_ruby_version = '>= 3.0'
  gem.add_dependency 'fiddle', '~> 1.0'
end
