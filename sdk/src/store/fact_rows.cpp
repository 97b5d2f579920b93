#include "store/fact_rows.hpp"

#include <array>
#include <charconv>

#include "math/hash.hpp"

namespace clv::store {
namespace {

// SQLite keeps -0.0 as 0; the hash of what is written must be that of what is read.
double as_stored(double value) {
  return value == 0 ? 0.0 : value;
}

}  // namespace

fact_rows::fact_rows(const fact_table& what, const table& rows, const table* beside)
    : what_(&what), fields_(find_schema(what.name).fields) {
  for (const field& f : fields_) {
    const column* c = rows.find(f.name);
    if (c == nullptr && beside != nullptr) c = beside->find(f.name);
    columns_.push_back(c);
  }
}

bool fact_rows::present(std::size_t f, std::size_t row) const {
  const column* c = columns_[f];
  if (c == nullptr || !c->present(row)) return false;
  const bool may_be_empty = fields_[f].required && !names_a_customer(fields_[f]);
  return c->kind() != type::utf8 || may_be_empty || !c->text(row).empty();
}

void fact_rows::bind(statement& s, int index, std::size_t f, std::size_t row) const {
  if (!present(f, row)) {
    s.bind_null(index);
    return;
  }
  const column& c = *columns_[f];
  if (c.kind() == type::utf8) {
    s.bind(index, c.text(row));
  } else if (c.kind() == type::f64) {
    s.bind(index, as_stored(c.numbers()[row]));
  } else {
    s.bind(index, c.integers()[row]);
  }
}

std::uint64_t fact_rows::hash(std::size_t row,
                              std::string_view source,
                              std::string& scratch) const {
  const auto add_bytes = [&scratch](const auto& value) {
    scratch.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  scratch.assign(source);
  scratch += '\0';
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    const bool there = present(f, row);
    scratch += there ? '+' : '-';
    if (!there) continue;
    const column& c = *columns_[f];
    if (c.kind() == type::utf8) {
      add_bytes(c.text(row).size());
      scratch.append(c.text(row));
    } else if (c.kind() == type::f64) {
      add_bytes(as_stored(c.numbers()[row]));
    } else {
      add_bytes(c.integers()[row]);
    }
  }
  return math::hash64(scratch);
}

std::string fact_rows::value_text(std::size_t f, std::size_t row) const {
  if (!present(f, row)) return "nothing";
  const column& c = *columns_[f];
  if (c.kind() == type::utf8) return "'" + std::string(c.text(row)) + "'";
  if (c.kind() == type::f64) {
    std::array<char, 32> digits{};
    const double value = c.numbers()[row];
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
  }
  return std::to_string(c.integers()[row]);
}

void push_value(const column& from, std::size_t row, column& to) {
  if (!from.present(row)) return to.push_absent();
  if (from.kind() == type::utf8) return to.push(from.text(row));
  if (from.kind() == type::f64) return to.push(from.numbers()[row]);
  to.push(from.integers()[row]);
}

table empty_facts(const fact_table& what, const std::string& currency) {
  table rows;
  for (const field& f : find_schema(what.name).fields) {
    const std::string unit = f.unit == "currency" ? currency : std::string(f.unit);
    rows.add(std::string(f.name), f.kind, unit);
  }
  return rows;
}

void push_fact(const statement& s, const fact_table& what, table& to) {
  int place = -1;
  for (column& c : to.columns()) {
    ++place;
    if (s.is_null(place)) {
      // A decision whose customer was forgotten has the customer "".
      const bool forgotten = what.kind == fact_kind::chained && c.name() == "customer";
      forgotten ? c.push(std::string_view()) : c.push_absent();
    } else if (c.kind() == type::f64) {
      c.push(s.number(place));
    } else if (c.kind() == type::utf8) {
      c.push(s.text(place));
    } else {
      c.push(s.integer(place));
    }
  }
}

}  // namespace clv::store
