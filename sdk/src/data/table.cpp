#include "clv/table.hpp"

#include <cassert>

#include "clv/error.hpp"
#include "math/hash.hpp"

namespace clv {
namespace {

std::string_view name_of(type kind) {
  switch (kind) {
    case type::i32:
      return "i32";
    case type::i64:
      return "i64";
    case type::f64:
      return "f64";
    case type::time:
      return "time";
    case type::money:
      return "money";
    case type::utf8:
      return "utf8";
  }
  return "unknown";
}

}  // namespace

column::column(std::string name, type kind, std::string unit)
    : name_(std::move(name)), kind_(kind), unit_(std::move(unit)) {
  if (kind_ == type::utf8) offsets_.push_back(0);
}

void column::reserve(std::size_t rows, std::size_t bytes) {
  if (kind_ == type::f64) {
    numbers_.reserve(rows);
  } else if (kind_ == type::utf8) {
    offsets_.reserve(rows + 1);
    chars_.reserve(bytes);
  } else {
    integers_.reserve(rows);
  }
}

void column::mark_present() {
  if (!validity_.empty()) {
    if (size_ % 8 == 0) validity_.push_back(0);
    validity_[size_ / 8] = static_cast<std::uint8_t>(validity_[size_ / 8] | (1U << (size_ % 8)));
  }
  ++size_;
}

void column::push(double value) {
  assert(kind_ == type::f64);
  numbers_.push_back(value);
  mark_present();
}

void column::push(std::int64_t value) {
  assert(kind_ != type::f64 && kind_ != type::utf8);
  integers_.push_back(value);
  mark_present();
}

void column::push(std::string_view value) {
  assert(kind_ == type::utf8);
  chars_.append(value);
  offsets_.push_back(static_cast<std::int64_t>(chars_.size()));
  mark_present();
}

void column::push_absent() {
  if (kind_ == type::f64) {
    push(0.0);
  } else if (kind_ == type::utf8) {
    push(std::string_view());
  } else {
    push(std::int64_t{0});
  }
  mark_absent(size_ - 1);
}

void column::mark_absent(std::size_t row) {
  assert(row < size_);
  if (validity_.empty()) {
    validity_.assign((size_ + 7) / 8, 0xFF);
    if (size_ % 8 != 0) validity_.back() = static_cast<std::uint8_t>((1U << (size_ % 8)) - 1U);
  }
  validity_[row / 8] = static_cast<std::uint8_t>(validity_[row / 8] & ~(1U << (row % 8)));
  if (kind_ == type::f64) numbers_[row] = 0.0;
}

void column::adopt(std::vector<double> values) {
  assert(kind_ == type::f64 && size_ == 0);
  numbers_ = std::move(values);
  size_ = numbers_.size();
}

void column::adopt(std::vector<std::int64_t> values) {
  assert(kind_ != type::f64 && kind_ != type::utf8 && size_ == 0);
  integers_ = std::move(values);
  size_ = integers_.size();
}

column& table::add(std::string name, type kind, std::string unit) {
  assert(find(name) == nullptr);
  return columns_.emplace_back(std::move(name), kind, std::move(unit));
}

const column* table::find(std::string_view name) const {
  for (const column& c : columns_) {
    if (c.name() == name) return &c;
  }
  return nullptr;
}

column* table::find(std::string_view name) {
  return const_cast<column*>(static_cast<const table*>(this)->find(name));
}

const column& table::get(std::string_view name, type kind) const {
  const column* found = find(name);
  if (found == nullptr) {
    throw error(status::invalid, "column '" + std::string(name) + "' is missing");
  }
  if (found->kind() != kind) {
    throw error(status::invalid,
                "column '" + std::string(name) + "' is " + std::string(name_of(found->kind())) +
                    ", expected " + std::string(name_of(kind)));
  }
  return *found;
}

void table::seal(std::string_view extra) {
  math::fingerprint_builder builder;
  builder.add(extra);
  for (const column& c : columns_) {
    builder.add(c.name());
    builder.add("|" + std::string(name_of(c.kind())) + "|" + c.unit() + "|" +
                std::to_string(c.size()) + "|");
    builder.add(c.numbers().data(), c.numbers().size_bytes());
    builder.add(c.integers().data(), c.integers().size_bytes());
    builder.add(c.chars());
    builder.add(c.offsets().data(), c.offsets().size_bytes());
    builder.add(c.validity().data(), c.validity().size_bytes());
  }
  fingerprint_ = builder.hex();
}

}  // namespace clv
