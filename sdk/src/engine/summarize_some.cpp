// The log of some customers -> their summary, as it is now. Stores nothing.
#include "engine/core.hpp"
#include "store/customer_ids.hpp"
#include "store/transactions.hpp"

namespace clv {
namespace detail {
namespace {

// A column of a part of the log; parts of other customers may lack it.
void append_text(const table& part, std::string_view name, std::string_view otherwise, column& to) {
  const column* from = part.find(name);
  for (std::size_t row = 0; row < part.rows(); ++row) {
    const std::string_view text =
        from != nullptr && from->present(row) ? from->text(row) : otherwise;
    text.empty() ? to.push_absent() : to.push(text);
  }
}

void append_integers(const table& part, std::string_view name, type kind, column& to) {
  for (const std::int64_t value : part.integers(name, kind)) to.push(value);
}

class summarize_work {
 public:
  summarize_work(std::shared_ptr<core> owner,
                 summarize_options o,
                 std::vector<std::string> customers,
                 std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        options_(std::move(o)),
        customers_(std::move(customers)),
        result_(std::move(result)),
        seen_(*engine_),
        ids_(engine_->sql()) {
    log_->add("customer", type::utf8);
    log_->add("time", type::time, "us");
    log_->add("amount", type::money);
    log_->add("currency", type::utf8);
    log_->add("kind", type::utf8);
  }

  double read();
  double summarise();
  void abandon() { seen_.end(); }

 private:
  lease engine_;  // released last
  summarize_options options_;
  std::vector<std::string> customers_;
  std::shared_ptr<outcome> result_;
  snapshot seen_;
  store::customer_ids ids_;
  std::size_t next_ = 0;
  std::shared_ptr<table> log_ = std::make_shared<table>();
  inner_job inner_;
};

// One customer each call, by the index of the log.
double summarize_work::read() {
  if (next_ < customers_.size()) {
    const std::int64_t id = ids_.find(customers_[next_]);
    ++next_;
    if (id == 0) return 0.0;
    store::log_reader reader(engine_->sql(), id);
    while (reader.read(rows_a_unit) < 1.0) {
    }
    const std::shared_ptr<const table> part = reader.take();
    const std::string& currency = part->get("amount", type::money).unit();
    append_text(*part, "customer", "", *log_->find("customer"));
    append_integers(*part, "time", type::time, *log_->find("time"));
    append_integers(*part, "amount", type::money, *log_->find("amount"));
    append_text(*part, "currency", currency, *log_->find("currency"));
    append_text(*part, "kind", "", *log_->find("kind"));
    return static_cast<double>(next_) / static_cast<double>(customers_.size() + 1);
  }
  seen_.end();
  log_->seal("transactions of some customers");
  return 1.0;
}

double summarize_work::summarise() {
  const double done = inner_.step([this] { return clv::summarize(log_, options_); });
  if (done < 1.0) return done;
  result_->tables[""] = inner_.main_table();
  inner_.finish(*result_);
  return 1.0;
}

}  // namespace
}  // namespace detail

job engine::summarize(summarize_options o, std::vector<std::string> customers) {
  using detail::summarize_work;
  auto result = std::make_shared<outcome>();
  const auto work =
      std::make_shared<summarize_work>(impl_->core, std::move(o), std::move(customers), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("read", work, &summarize_work::read));
  phases.push_back(detail::phase_of("summarise", work, &summarize_work::summarise));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
