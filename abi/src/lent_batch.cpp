#include "lent_batch.hpp"

#include "clv/schema.hpp"
#include "manifest.hpp"

namespace clv::abi {
namespace {

// Bit 0 of the result is row `first`: a block may begin in the middle of a byte.
std::vector<std::uint8_t> validity_from(const column& c, std::size_t first, std::size_t last) {
  std::vector<std::uint8_t> bits((last - first + 7) / 8, 0);
  for (std::size_t row = first; row < last; ++row) {
    const std::size_t i = row - first;
    if (c.present(row)) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
  }
  return bits;
}

clv_column lend(const column& c, std::size_t first, const std::vector<std::uint8_t>& validity) {
  clv_column view{};
  view.name = c.name().c_str();
  view.unit = c.unit().empty() ? nullptr : c.unit().c_str();
  view.type = static_cast<clv_type>(c.kind());
  view.validity = validity.empty() ? nullptr : validity.data();
  if (c.kind() == type::utf8) {
    view.data = c.chars().data();
    view.offsets = c.offsets().data() + first;
  } else if (c.kind() == type::f64) {
    view.data = c.numbers().data() + first;
  } else {
    view.data = c.integers().data() + first;
  }
  return view;
}

// A column that is not there: no row has a value.
column blank(const std::string& name, std::size_t rows) {
  const field* known = field_to_read(name);
  column c(name, known == nullptr ? type::f64 : known->kind);
  for (std::size_t i = 0; i < rows; ++i) c.push_absent();
  return c;
}

}  // namespace

lent_batch::lent_batch(const table& t,
                       const std::vector<std::string>& names,
                       std::size_t first,
                       std::size_t last) {
  validity_.reserve(names.size());  // views point into it
  for (const std::string& name : names) {
    const column* found = t.find(name);
    if (found == nullptr) {
      const column& c = blanks_.emplace_back(blank(name, last - first));
      validity_.push_back(validity_from(c, 0, last - first));
      columns_.push_back(lend(c, 0, validity_.back()));
      continue;
    }
    validity_.push_back(found->all_present() ? std::vector<std::uint8_t>()
                                             : validity_from(*found, first, last));
    columns_.push_back(lend(*found, first, validity_.back()));
  }
  batch_ = {.struct_size = static_cast<std::uint32_t>(sizeof(clv_batch)),
            .n_columns = static_cast<std::uint32_t>(columns_.size()),
            .n_rows = static_cast<std::int64_t>(last - first),
            .columns = columns_.data()};
}

}  // namespace clv::abi
