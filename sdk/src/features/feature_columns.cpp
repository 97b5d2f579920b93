#include "features/feature_columns.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <string>
#include <utility>

namespace clv {
namespace {

constexpr std::size_t feature_rows_at_once = 4096;

table empty_columns(const feature_maker& maker) {
  table made;
  for (const std::string& name : maker.features()) made.add(name, type::f64);
  return made;
}

void pad(table& made, std::size_t rows) {
  for (column& c : made.columns()) {
    while (c.size() < rows) c.push_absent();
  }
}

bool failed_since(const issues& notes, std::size_t before) {
  return std::any_of(notes.begin() + static_cast<std::ptrdiff_t>(before),
                     notes.end(),
                     [](const issue& i) { return i.code == status::plugin; });
}

void note_failure(const feature_maker& maker, const char* why, issues& notes) {
  notes.push_back({.code = status::plugin,
                   .message = std::string(maker.id()) + " failed: " + why,
                   .hint = "its features are absent in this run",
                   .plugin = std::string(maker.id())});
}

}  // namespace

feature_columns::feature_columns(std::shared_ptr<const table> customers,
                                 std::vector<feature_maker*> makers)
    : customers_(std::move(customers)), makers_(std::move(makers)) {
  if (!makers_.empty()) part_ = empty_columns(*makers_.front());
}

double feature_columns::advance(issues& notes) {
  if (current_ == makers_.size()) return 1;
  const std::size_t rows = customers_->rows();
  const std::size_t last = std::min(rows, first_ + feature_rows_at_once);
  const bool worked = make_block(*makers_[current_], last, notes);
  first_ = last;
  if (!worked || last == rows) next_maker(worked);
  const double inside =
      static_cast<double>(first_) / static_cast<double>(std::max<std::size_t>(rows, 1));
  return (static_cast<double>(current_) + inside) / static_cast<double>(makers_.size());
}

bool feature_columns::make_block(feature_maker& maker, std::size_t last, issues& notes) {
  const std::size_t before = notes.size();
  try {
    maker.make(*customers_, first_, last, part_, notes);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const error& e) {
    if (e.details().code == status::cancelled) throw;
    note_failure(maker, e.what(), notes);
  } catch (const std::exception& e) {
    note_failure(maker, e.what(), notes);
  }
  pad(part_, last);
  return !failed_since(notes, before);
}

// What a failed maker had made by then depends on the size of the blocks: all of it goes.
void feature_columns::next_maker(bool worked) {
  if (!worked) {
    part_ = empty_columns(*makers_[current_]);
    pad(part_, customers_->rows());
  }
  for (column& c : part_.columns()) made_.push_back(std::move(c));
  first_ = 0;
  ++current_;
  part_ = current_ < makers_.size() ? empty_columns(*makers_[current_]) : table();
}

std::string feature_columns::seal_text(const char* what) const {
  std::string text = std::string(what) + "|" + customers_->fingerprint();
  for (const feature_maker* maker : makers_) text += "|" + std::string(maker->id());
  return text;
}

std::shared_ptr<const table> feature_columns::joined() const {
  if (makers_.empty()) return customers_;
  auto with = std::make_shared<table>(*customers_);
  for (const column& c : made_) {
    column* known = with->find(c.name());
    (known != nullptr ? *known : with->add(c.name(), type::f64)) = c;
  }
  with->seal(seal_text("with_features/1"));
  return with;
}

std::shared_ptr<const table> feature_columns::alone() const {
  auto only = std::make_shared<table>();
  if (const column* whose = customers_->find("customer"); whose != nullptr) {
    only->columns().push_back(*whose);
  }
  for (const column& c : made_) only->columns().push_back(c);
  only->seal(seal_text("features/1"));
  return only;
}

job make_features(std::shared_ptr<const table> customers, std::vector<feature_maker*> makers) {
  auto result = std::make_shared<outcome>();
  auto columns = std::make_shared<feature_columns>(std::move(customers), std::move(makers));
  std::vector<phase> phases;
  phases.push_back({"features", [columns, result] {
                      const double done = columns->advance(result->notes);
                      if (done >= 1) result->tables[""] = columns->alone();
                      return done;
                    }});
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
