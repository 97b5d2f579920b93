// everything stored of one customer -> tables by name.
#include <set>

#include "engine/core.hpp"
#include "engine/one_customer.hpp"
#include "store/customer_split.hpp"
#include "store/fact_reader.hpp"
#include "store/personal_tables.hpp"
#include "store/transactions.hpp"

namespace clv {
namespace detail {
namespace {

using store::personal_kind;
using store::personal_table;

class export_work {
 public:
  export_work(std::shared_ptr<core> owner, std::string customer, std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        seen_(*engine_),
        people_(find_customer(*engine_, std::move(customer))),
        result_(std::move(result)) {}

  double collect();
  double sum_up();
  void abandon() {
    split_.reset();
    seen_.end();
  }

 private:
  std::shared_ptr<const table> read_one(const personal_table& t);
  std::shared_ptr<const table> identity() const;

  lease engine_;  // released last
  snapshot seen_;
  std::vector<store::one_customer> people_;  // the customer, then its identities
  std::shared_ptr<outcome> result_;
  std::size_t next_ = 0, person_ = 0;
  std::vector<std::shared_ptr<const table>> found_;  // of this table, by person
  std::optional<store::customer_split> split_;
};

std::string link_of(const table& links, std::size_t row) {
  std::string text;
  for (const column& c : links.columns()) {
    text += c.kind() == type::utf8 ? std::string(c.text(row)) : std::to_string(c.integers()[row]);
    text += c.present(row) ? '+' : '-';
    text += '\0';
  }
  return text;
}

// The rows of several tables of one schema; a column that one of them lacks is absent there.
// What names two of the people (a link does) is there once.
std::shared_ptr<const table> together(const std::vector<std::shared_ptr<const table>>& parts,
                                      bool names_two) {
  if (parts.size() == 1) return parts.front();
  std::set<std::string> seen;
  auto all = std::make_shared<table>();
  for (const auto& part : parts) {
    for (const column& c : part->columns()) {
      if (all->find(c.name()) == nullptr) all->add(c.name(), c.kind(), c.unit());
    }
  }
  for (const auto& part : parts) {
    for (std::size_t row = 0; row < part->rows(); ++row) {
      if (names_two && !seen.insert(link_of(*part, row)).second) continue;
      for (column& to : all->columns()) {
        const column* from = part->find(to.name());
        from == nullptr ? to.push_absent() : store::push_value(*from, row, to);
      }
    }
  }
  all->seal("of one customer");
  return all;
}

std::shared_ptr<const table> export_work::identity() const {
  auto t = std::make_shared<table>();
  t->add("customer", type::utf8).push(std::string_view(people_[person_].ext_id));
  t->seal("identity");
  return t;
}

// nullptr: not read to its end yet, or nothing is stored under the name.
std::shared_ptr<const table> export_work::read_one(const personal_table& t) {
  if (t.kind == personal_kind::identity) return identity();
  if (t.kind == personal_kind::log) {
    store::log_reader reader(engine_->sql(), people_[person_].id);
    while (reader.read(rows_a_unit) < 1.0) {
    }
    return reader.take();
  }
  if (t.kind == personal_kind::facts) {
    store::fact_reader reader(engine_->sql(), *store::find_fact_table(t.name), people_[person_]);
    while (reader.read(rows_a_unit) < 1.0) {
    }
    return reader.take();
  }
  if (!split_) {
    if (!store::is_stored(engine_->sql(), t.name)) return std::make_shared<const table>();
    split_.emplace(engine_->sql(),
                   std::string(t.name),
                   people_[person_].ext_id,
                   store::customer_split::part::theirs);
  }
  if (split_->read(rows_a_unit) < 1.0) return nullptr;
  auto theirs = split_->take();
  split_.reset();
  return theirs;
}

double export_work::collect() {
  const auto all = store::personal_tables();
  const personal_table& t = all[next_];
  auto rows = read_one(t);
  if (rows == nullptr) return static_cast<double>(next_) / static_cast<double>(all.size());
  if (rows->rows() > 0) found_.push_back(std::move(rows));
  if (++person_ < people_.size())
    return static_cast<double>(next_) / static_cast<double>(all.size());
  if (!found_.empty()) result_->tables.emplace(t.name, together(found_, t.name == "identities"));
  found_.clear();
  person_ = 0;
  return static_cast<double>(++next_) / static_cast<double>(all.size());
}

double export_work::sum_up() {
  seen_.end();
  personal_counts counts;
  for (const personal_table& t : store::personal_tables()) {
    const auto found = result_->tables.find(t.name);
    if (found != result_->tables.end()) {
      counts.add(t.name, static_cast<std::int64_t>(found->second->rows()));
    }
  }
  result_->tables[""] = counts.sealed();
  return 1.0;
}

}  // namespace

std::vector<store::one_customer> find_customer(core& c, std::string ext_id) {
  store::customer_ids ids(c.sql());
  const std::int64_t id = ids.find(ext_id);
  if (id == 0) {
    const bool forgotten = store::erased_customers(c.sql()).contains(ext_id);
    throw error(status::not_found,
                c.sql().label() + " knows no customer '" + ext_id + "'" +
                    (forgotten ? ": it was forgotten" : ""),
                forgotten ? "" : "ids are compared letter by letter");
  }
  return store::with_identities(c.sql(), {.id = id, .ext_id = std::move(ext_id)});
}

}  // namespace detail

job engine::export_customer(std::string customer) {
  using detail::export_work;
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<export_work>(impl_->core, std::move(customer), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("collect", work, &export_work::collect));
  phases.push_back(detail::phase_of("sum up", work, &export_work::sum_up));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
