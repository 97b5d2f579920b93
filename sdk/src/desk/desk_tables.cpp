#include "desk/desk_tables.hpp"

#include <algorithm>

#include "clv/schema.hpp"
#include "math/sha256.hpp"

namespace clv::desk {
namespace {

constexpr std::size_t longest_id = 128;  // bytes; what engine::record takes

}  // namespace

std::shared_ptr<const table> refused_table(const ticket_book& book, const std::string& seal) {
  report_writer rows({{"row", type::i64}, {"ticket", type::utf8}, {"reason", type::utf8}});
  for (const refused_event& r : book.refused) {
    rows.row(static_cast<std::int64_t>(r.row) + 1, r.ticket, r.reason);
  }
  return rows.sealed(seal);
}

std::string key_of(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const std::string_view part : parts) {
    if (!key.empty()) key += '/';
    key += part;
  }
  return key.size() <= longest_id ? key : math::sha256_hex(key);
}

schema_rows::schema_rows(std::string_view schema) {
  for (const field& f : find_schema(schema).fields) {
    rows_->add(std::string(f.name), f.kind, f.kind == type::time ? "us" : "");
  }
}

void schema_rows::row(
    std::initializer_list<std::pair<std::string_view, std::optional<cell>>> cells) {
  for (column& c : rows_->columns()) {
    const auto given =
        std::ranges::find_if(cells, [&](const auto& x) { return x.first == c.name(); });
    if (given == cells.end() || !given->second) {
      c.push_absent();
    } else {
      std::visit([&](const auto& value) { c.push(value); }, *given->second);
    }
  }
}

std::shared_ptr<const table> schema_rows::sealed(const std::string& seal) {
  rows_->seal(seal);
  return rows_;
}

}  // namespace clv::desk
