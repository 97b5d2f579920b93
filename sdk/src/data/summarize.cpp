#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "clv/summary.hpp"
#include "clv/time.hpp"
#include "data/customer_index.hpp"
#include "data/log_reader.hpp"

namespace clv {
namespace {

constexpr std::size_t rows_a_unit = 1U << 15U;
constexpr std::size_t rows_a_block = 1U << 10U;
constexpr std::size_t customers_a_unit = 1U << 14U;
// In a shuffled log every customer is a cache miss; asking this far ahead halves the time.
constexpr std::size_t ahead = 16;
constexpr std::int32_t not_a_purchase = std::numeric_limits<std::int32_t>::min();

// What is summed while the log is read; days follow in their own pass.
struct account {
  std::int64_t first_time = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_time = std::numeric_limits<std::int64_t>::min();
  std::int64_t revenue = 0;
  std::int64_t refunds = 0;
  std::int64_t first_day_spend = 0;
  std::int32_t first_day = std::numeric_limits<std::int32_t>::max();
  std::uint32_t purchases = 0;
};

// A customer in the order of ids: eight bytes of the id as a number, then the id itself.
struct ranked {
  std::uint64_t prefix;
  std::uint32_t number;
};

std::uint64_t prefix_of(std::string_view id) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    prefix = prefix << 8U | (i < id.size() ? static_cast<unsigned char>(id[i]) : 0U);
  }
  return prefix;
}

// ln of intervals between days, in the summary's unit; common ones are looked up.
class log_intervals {
 public:
  explicit log_intervals(double days_per_unit) : days_per_unit_(days_per_unit) {
    for (std::size_t i = 1; i < known_.size(); ++i) known_[i] = of(static_cast<double>(i));
  }
  double at(std::int32_t days) const {
    const auto i = static_cast<std::size_t>(days);
    return i < known_.size() ? known_[i] : of(static_cast<double>(days));
  }

 private:
  double of(double days) const { return std::log(days / days_per_unit_); }

  double days_per_unit_;
  std::array<double, 1024> known_{};
};

// One pass over the log sums per customer and notes each purchase's day; a counting sort then
// brings the days of a customer together. Every sum is an exact integer, so the order of the rows
// cannot show.
class summarizer {
 public:
  summarizer(std::shared_ptr<const table> log,
             summarize_options options,
             std::shared_ptr<outcome> result)
      : log_(std::move(log)),
        options_(std::move(options)),
        reader_(*log_, options_),
        days_per_unit_(days_per_unit(options_.unit)),
        log_intervals_(days_per_unit_),
        customers_(reader_.customers()),
        result_(std::move(result)) {
    number_.reserve(log_->rows());
    day_key_.reserve(log_->rows());
  }

  double group();
  double gather();
  double rank();
  double merge();
  double write();

 private:
  void group_block(std::size_t stop);
  void add_event(std::size_t row, const data::event& e);
  void overflow(std::uint32_t customer, const char* what) const;
  bool before(const ranked& a, const ranked& b) const;
  void start_table();
  void fetch_ahead() const;
  void write_customer(std::uint32_t customer);
  void finish();

  std::shared_ptr<const table> log_;
  summarize_options options_;
  data::log_reader reader_;
  double days_per_unit_;
  log_intervals log_intervals_;
  data::customer_index customers_;
  std::shared_ptr<outcome> result_;
  std::size_t row_ = 0;
  std::vector<account> accounts_;
  std::vector<std::uint32_t> number_;  // of the customer, per row
  std::vector<std::int32_t> day_key_;  // per row: 2 * day, + 1 when money was spent
  std::vector<std::size_t> bucket_;  // where a customer's days begin in days_; one more at the end
  std::vector<std::int32_t> days_;
  std::vector<data::event> block_;
  std::vector<ranked> order_;
  std::vector<std::pair<std::size_t, std::size_t>> runs_;  // sorted stretches of order_, as a heap
  std::vector<std::uint32_t> sorted_;                      // customers in the order of their ids
  std::shared_ptr<table> out_ = std::make_shared<table>();
  double per_major_ = 1;
};

void summarizer::overflow(std::uint32_t customer, const char* what) const {
  throw error({.code = status::data,
               .column = "amount",
               .message = "the " + std::string(what) + " of customer '" +
                          std::string(customers_.id(customer)) +
                          "' do not fit into 64 bits of minor units",
               .hint = "check the amounts of this customer"});
}

double summarizer::group() {
  const std::size_t stop = std::min(log_->rows(), row_ + rows_a_unit);
  while (row_ < stop) group_block(std::min(stop, row_ + rows_a_block));
  if (row_ < log_->rows()) return static_cast<double>(row_) / static_cast<double>(log_->rows());
  reader_.check_currencies();
  per_major_ = minor_per_major(reader_.currency());
  row_ = 0;
  return 1.0;
}

// Two loops, so that the second can ask for the accounts it will need.
void summarizer::group_block(std::size_t stop) {
  const std::size_t first = row_;
  block_.clear();
  for (; row_ < stop; ++row_) {
    if (row_ + ahead < log_->rows()) customers_.expect(row_ + ahead);
    const data::event& e = block_.emplace_back(reader_.read(row_));
    number_.push_back(e.kind == data::event_kind::ignored ? 0 : customers_.number_of(row_));
    day_key_.push_back(not_a_purchase);
  }
  accounts_.resize(customers_.size());
  for (std::size_t row = first; row < stop; ++row) {
    if (row + ahead < stop) __builtin_prefetch(accounts_.data() + number_[row + ahead], 1);
    const data::event& e = block_[row - first];
    if (e.kind != data::event_kind::ignored) add_event(row, e);
  }
}

void summarizer::add_event(std::size_t row, const data::event& e) {
  const std::uint32_t customer = number_[row];
  account& a = accounts_[customer];
  if (e.kind == data::event_kind::refund) {
    if (__builtin_add_overflow(a.refunds, e.amount, &a.refunds)) overflow(customer, "refunds");
    return;
  }
  if (__builtin_add_overflow(a.revenue, e.amount, &a.revenue)) overflow(customer, "purchases");
  a.first_time = std::min(a.first_time, e.time);
  a.last_time = std::max(a.last_time, e.time);
  a.first_day = std::min(a.first_day, e.day);
  ++a.purchases;
  day_key_[row] = 2 * e.day + (e.amount > 0 ? 1 : 0);
}

double summarizer::gather() {
  if (row_ == 0) {
    bucket_.assign(accounts_.size() + 1, 0);
    for (std::size_t i = 0; i < accounts_.size(); ++i) {
      bucket_[i + 1] = bucket_[i] + accounts_[i].purchases;
    }
    days_.resize(bucket_.back());
  }
  const auto amounts = reader_.amounts();
  const std::size_t stop = std::min(day_key_.size(), row_ + 2 * rows_a_unit);
  for (; row_ < stop; ++row_) {
    const std::int32_t key = day_key_[row_];
    if (key == not_a_purchase) continue;
    const std::uint32_t customer = number_[row_];
    account& a = accounts_[customer];
    // From the back of the bucket; afterwards `purchases` is 0 and the start is found again.
    days_[bucket_[customer] + --a.purchases] = key;
    if (key >> 1 == a.first_day) a.first_day_spend += amounts[row_];
  }
  if (row_ < day_key_.size())
    return static_cast<double>(row_) / static_cast<double>(day_key_.size());
  number_ = {};
  day_key_ = {};
  for (std::uint32_t i = 0; i < accounts_.size(); ++i) {
    if (bucket_[i + 1] > bucket_[i]) order_.push_back({prefix_of(customers_.id(i)), i});
  }
  row_ = 0;
  return 1.0;
}

bool summarizer::before(const ranked& a, const ranked& b) const {
  if (a.prefix != b.prefix) return a.prefix < b.prefix;
  return customers_.id(a.number) < customers_.id(b.number);
}

double summarizer::rank() {
  const std::size_t stop = std::min(order_.size(), row_ + customers_a_unit);
  const auto at = [this](std::size_t i) { return order_.begin() + static_cast<std::ptrdiff_t>(i); };
  std::sort(at(row_), at(stop), [this](const ranked& a, const ranked& b) { return before(a, b); });
  if (stop > row_) runs_.emplace_back(row_, stop);
  row_ = stop;
  if (row_ < order_.size()) return static_cast<double>(row_) / static_cast<double>(order_.size());
  row_ = 0;
  return 1.0;
}

double summarizer::merge() {
  const auto later = [this](const auto& a, const auto& b) {
    return before(order_[b.first], order_[a.first]);
  };
  if (row_ == 0) std::ranges::make_heap(runs_, later);
  const std::size_t stop = std::min(order_.size(), row_ + 2 * customers_a_unit);
  for (; row_ < stop; ++row_) {
    std::ranges::pop_heap(runs_, later);
    auto& run = runs_.back();
    sorted_.push_back(order_[run.first].number);
    if (++run.first == run.second) {
      runs_.pop_back();
    } else {
      std::ranges::push_heap(runs_, later);
    }
  }
  if (row_ < order_.size()) return static_cast<double>(row_) / static_cast<double>(order_.size());
  order_ = {};
  row_ = 0;
  return 1.0;
}

void summarizer::start_table() {
  out_->add("customer", type::utf8);
  out_->add("x", type::f64);
  out_->add("t_x", type::f64, options_.unit);
  out_->add("T", type::f64, options_.unit);
  out_->add("mean_spend", type::f64, reader_.currency());
  out_->add("litt", type::f64);
  out_->add("first_time", type::time, "us");
  out_->add("last_time", type::time, "us");
  out_->add("revenue", type::money, reader_.currency());
  out_->add("refunds", type::money, reader_.currency());
  for (column& c : out_->columns()) c.reserve(sorted_.size());
}

double summarizer::write() {
  if (row_ == 0) start_table();
  const std::size_t stop = std::min(sorted_.size(), row_ + customers_a_unit);
  for (; row_ < stop; ++row_) {
    if (row_ + 3 * ahead < sorted_.size()) fetch_ahead();
    write_customer(sorted_[row_]);
  }
  if (row_ < sorted_.size()) return static_cast<double>(row_) / static_cast<double>(sorted_.size());
  finish();
  return 1.0;
}

void summarizer::fetch_ahead() const {
  const std::uint32_t far = sorted_[row_ + 3 * ahead];
  __builtin_prefetch(accounts_.data() + far);
  __builtin_prefetch(bucket_.data() + far);
  customers_.expect_row(far);
  const std::uint32_t middle = sorted_[row_ + 2 * ahead];
  __builtin_prefetch(days_.data() + bucket_[middle]);
  customers_.expect_place(middle);
  customers_.expect_id(sorted_[row_ + ahead]);
}

void summarizer::write_customer(std::uint32_t customer) {
  const account& a = accounts_[customer];
  const std::span<std::int32_t> keys(days_.data() + bucket_[customer],
                                     days_.data() + bucket_[customer + 1]);
  std::ranges::sort(keys);
  // Of the keys of one day the last has the bit of money spent, if any has it.
  std::int64_t repeat_days = 0, spending_days = 0;
  std::int32_t before = a.first_day;
  double litt = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::int32_t day = keys[i] >> 1;
    const bool last_of_day = i + 1 == keys.size() || keys[i + 1] >> 1 != day;
    if (!last_of_day || day == a.first_day) continue;
    ++repeat_days;
    spending_days += keys[i] & 1;
    litt += log_intervals_.at(day - before);  // in the order of days, whatever that of the rows
    before = day;
  }
  const std::int32_t last_day = keys.back() >> 1;
  const double divisor = static_cast<double>(spending_days) * per_major_;
  const double spent = static_cast<double>(a.revenue - a.first_day_spend);
  auto& columns = out_->columns();
  columns[0].push(customers_.id(customer));
  columns[1].push(static_cast<double>(repeat_days));
  columns[2].push(static_cast<double>(last_day - a.first_day) / days_per_unit_);
  columns[3].push(static_cast<double>(reader_.last_day() - a.first_day) / days_per_unit_);
  columns[4].push(spending_days > 0 ? spent / divisor : 0.0);
  columns[5].push(litt);
  columns[6].push(a.first_time);
  columns[7].push(a.last_time);
  columns[8].push(a.revenue);
  columns[9].push(a.refunds);
}

void summarizer::finish() {
  out_->seal("summary|" + options_.unit + "|" + options_.time_zone + "|" +
             std::to_string(reader_.last_day()) + "|" + reader_.currency() + "|" +
             (options_.drop_zero_value ? "drop_zero_value" : ""));
  const std::size_t refunds_only = accounts_.size() - out_->rows();
  if (refunds_only > 0) {
    result_->notes.push_back({.code = status::ok,
                              .level = log_level::info,
                              .column = "customer",
                              .message = std::to_string(refunds_only) +
                                         " customers have refunds but no purchase: no row"});
  }
  if (out_->rows() == 0 && log_->rows() > 0) {
    result_->notes.push_back(
        {.code = status::data,
         .level = log_level::warn,
         .column = "time",
         .message = "the log has no purchase up to " + format_day(reader_.last_day()),
         .hint = "check as_of"});
  }
  result_->tables[""] = out_;
}

}  // namespace

job summarize(std::shared_ptr<const table> log, summarize_options options) {
  auto result = std::make_shared<outcome>();
  auto state = std::make_shared<summarizer>(std::move(log), std::move(options), result);
  std::vector<phase> phases;
  phases.push_back({"group", [state] { return state->group(); }});
  phases.push_back({"gather", [state] { return state->gather(); }});
  phases.push_back({"rank", [state] { return state->rank(); }});
  phases.push_back({"merge", [state] { return state->merge(); }});
  phases.push_back({"write", [state] { return state->write(); }});
  return job(std::move(phases), std::move(result));
}

}  // namespace clv
