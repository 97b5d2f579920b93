#include "store/customer_split.hpp"

#include <algorithm>
#include <vector>

#include "math/hash.hpp"
#include "store/fact_rows.hpp"

namespace clv::store {

customer_split::customer_split(connection& db, std::string name, std::string customer, part kept)
    : customer_(std::move(customer)), kept_part_(kept), reader_(std::in_place, db, name) {
  statement s(db, "SELECT run FROM stored_table WHERE name = ?");
  s.bind(1, std::string_view(name)).step();
  run_ = s.integer(0);
}

double customer_split::read(std::size_t rows) {
  if (reader_) {
    const double done = reader_->read(rows);
    if (done < 1.0) return done / 2;
    all_ = reader_->take();
    reader_.reset();
    kept_ = std::make_shared<table>();
    for (const column& c : all_->columns()) kept_->add(c.name(), c.kind(), c.unit());
    return 0.5;
  }
  part_some(rows);
  if (next_ == all_->rows()) return 1.0;
  return 0.5 + static_cast<double>(next_) / (2 * static_cast<double>(all_->rows() + 1));
}

void customer_split::part_some(std::size_t rows) {
  const column* whose = all_->find("customer");
  const std::size_t last = std::min(all_->rows(), next_ + rows);
  for (; next_ < last; ++next_) {
    const bool theirs =
        whose != nullptr && whose->present(next_) && whose->text(next_) == customer_;
    if (theirs && found_++ == 0) first_ = next_;
    if (theirs != (kept_part_ == part::theirs)) continue;
    auto to = kept_->columns().begin();
    for (const column& c : all_->columns()) push_value(c, next_, *to++);
  }
}

void customer_split::renumber(table& kept) const {
  column* row = kept.find("row");
  if (!missing_ || row == nullptr) return;
  std::vector<std::int64_t> numbers(row->integers().begin(), row->integers().end());
  for (std::int64_t& n : numbers) n -= n > static_cast<std::int64_t>(*missing_) ? 1 : 0;
  column renumbered(row->name(), row->kind(), row->unit());
  renumbered.adopt(std::move(numbers));
  *row = std::move(renumbered);
}

std::shared_ptr<const table> customer_split::take() {
  renumber(*kept_);
  const bool changed = kept_part_ == part::theirs || found_ > 0;
  math::fingerprint_builder builder;
  builder.add(changed ? all_->fingerprint() + "|one customer taken out" : all_->fingerprint());
  kept_->restore_fingerprint(changed ? builder.hex() : all_->fingerprint());
  all_.reset();
  return std::move(kept_);
}

}  // namespace clv::store
