// everything stored of one customer -> tables by name.
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
        whose_(find_customer(*engine_, std::move(customer))),
        result_(std::move(result)) {}

  double collect();
  double sum_up();
  void abandon() {}

 private:
  std::shared_ptr<const table> read_one(const personal_table& t);
  std::shared_ptr<const table> identity() const;

  lease engine_;  // released last
  store::one_customer whose_;
  std::shared_ptr<outcome> result_;
  std::size_t next_ = 0;
  std::optional<store::customer_split> split_;
};

std::shared_ptr<const table> export_work::identity() const {
  auto t = std::make_shared<table>();
  t->add("customer", type::utf8).push(std::string_view(whose_.ext_id));
  t->seal("identity");
  return t;
}

// nullptr: not read to its end yet, or nothing is stored under the name.
std::shared_ptr<const table> export_work::read_one(const personal_table& t) {
  if (t.kind == personal_kind::identity) return identity();
  if (t.kind == personal_kind::log) {
    store::log_reader reader(engine_->sql(), whose_.id);
    while (reader.read(rows_a_unit) < 1.0) {
    }
    return reader.take();
  }
  if (t.kind == personal_kind::facts) {
    store::fact_reader reader(engine_->sql(), *store::find_fact_table(t.name), whose_);
    while (reader.read(rows_a_unit) < 1.0) {
    }
    return reader.take();
  }
  if (!split_) {
    if (!store::is_stored(engine_->sql(), t.name)) return std::make_shared<const table>();
    split_.emplace(
        engine_->sql(), std::string(t.name), whose_.ext_id, store::customer_split::part::theirs);
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
  if (rows->rows() > 0) result_->tables.emplace(t.name, std::move(rows));
  return static_cast<double>(++next_) / static_cast<double>(all.size());
}

double export_work::sum_up() {
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

store::one_customer find_customer(core& c, std::string ext_id) {
  store::customer_ids ids(c.sql());
  const std::int64_t id = ids.find(ext_id);
  if (id == 0) {
    const bool forgotten = store::erased_customers(c.sql()).contains(ext_id);
    throw error(status::not_found,
                c.sql().label() + " knows no customer '" + ext_id + "'" +
                    (forgotten ? ": it was forgotten" : ""),
                forgotten ? "" : "ids are compared letter by letter");
  }
  return {.id = id, .ext_id = std::move(ext_id)};
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
