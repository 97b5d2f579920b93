#include "value/fitting/covariate_paths.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string_view>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/log_reader.hpp"
#include "math/json.hpp"

namespace clv {
namespace {

// A number as its digits, "1000000" and not "1e+06"; other cells as they stand.
std::string digits(double value) {
  const bool whole = value == std::floor(value) && std::fabs(value) < 9e15;
  return whole ? std::to_string(static_cast<std::int64_t>(value)) : math::to_text(value);
}

std::string cell_text(const column& c, std::size_t row) {
  switch (c.kind()) {
    case type::utf8:
      return std::string(c.text(row));
    case type::f64:
      return digits(c.numbers()[row]);
    default:
      return std::to_string(c.integers()[row]);
  }
}

// Ids that were read as numbers have lost their zeros in front; so must those they are held
// against.
std::string as_number(const std::string& id) {
  double value = 0;
  const auto [end, failed] = std::from_chars(id.data(), id.data() + id.size(), value);
  return failed == std::errc() && end == id.data() + id.size() ? digits(value) : id;
}

[[noreturn]] void refuse_row(std::size_t row, std::string_view name, const std::string& what) {
  throw error({.code = status::data,
               .row = static_cast<std::int64_t>(row),
               .column = std::string(name),
               .message = "table 'covariates', row " + std::to_string(row + 1) + ", column '" +
                          std::string(name) + "': " + what,
               .hint = "every customer needs a value from its first purchase on"});
}

const column& found(const table& t, std::string_view name) {
  const column* c = t.find(name);
  if (c != nullptr) return *c;
  std::string names;
  for (const column& each : t.columns()) names += (names.empty() ? "" : ", ") + each.name();
  throw error(status::invalid,
              "table 'covariates' has no column '" + std::string(name) + "'",
              "its columns are: " + names);
}

// Reads numbers of named columns, row by row.
class numbers_of {
 public:
  numbers_of(const table& t, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const column& c = found(t, name);
      if (c.kind() == type::utf8) {
        throw error(status::invalid,
                    "table 'covariates', column '" + name + "' is text, not numbers",
                    "code it as 0 and 1");
      }
      columns_.push_back(&c);
    }
  }
  void append(std::size_t row, const std::string& who, std::vector<double>& to) const {
    for (const column* c : columns_) {
      const double v =
          c->kind() == type::f64 ? c->numbers()[row] : static_cast<double>(c->integers()[row]);
      if (!c->present(row) || !std::isfinite(v)) refuse_row(row, c->name(), who + " has no value");
      to.push_back(v);
    }
  }

 private:
  std::vector<const column*> columns_;
};

// Customer to the day of each row to that row.
using rows_by_day = std::map<std::string, std::map<std::int64_t, std::size_t>>;

std::int64_t day_of(const column& time, std::size_t row, const zone& local) {
  if (!time.present(row)) refuse_row(row, time.name(), "is empty");
  if (time.kind() == type::time) return local.day_of(time.integers()[row]);
  const std::string text = cell_text(time, row);
  const auto instant = parse_time(text, local);
  if (!instant) refuse_row(row, time.name(), "'" + text + "' is no date such as 2026-01-31");
  return local.day_of(*instant);
}

rows_by_day read_rows(const table& covariates, const zone& local) {
  const column& customer = found(covariates, "customer");
  const column& time = found(covariates, "time");
  rows_by_day rows;
  for (std::size_t row = 0; row < covariates.rows(); ++row) {
    if (!customer.present(row)) refuse_row(row, "customer", "is empty");
    const std::int64_t day = day_of(time, row, local);
    const std::string who = cell_text(customer, row);
    if (!rows[who].emplace(day, row).second) {
      refuse_row(row, "time", "customer '" + who + "' has two rows of " + format_day(day));
    }
  }
  return rows;
}

// The purchase days of each customer, each day once.
std::map<std::string, std::set<std::int64_t>> read_purchases(data::log_reader& reader,
                                                             std::size_t rows) {
  std::map<std::string, std::set<std::int64_t>> days;
  for (std::size_t row = 0; row < rows; ++row) {
    const data::event e = reader.read(row);
    if (e.kind != data::event_kind::purchase) continue;
    days[std::string(reader.customers().text(row))].insert(e.day);
  }
  reader.check_currencies();
  return days;
}

// One customer's days and rows of covariates, and how to read them.
class path_builder {
 public:
  path_builder(const table& covariates, const process_covariates& names, double unit_days)
      : transaction_(covariates, names.transaction),
        life_(covariates, names.life),
        unit_days_(unit_days) {}

  covariate_path build(const std::string& who,
                       const std::set<std::int64_t>& days,
                       const std::map<std::int64_t, std::size_t>& rows,
                       std::int64_t last_day) const {
    const std::int64_t first = *days.begin();
    auto at = rows.upper_bound(first);
    if (at == rows.begin()) refuse_gap(who, first, at == rows.end() ? last_day : at->first);
    const std::string named = "customer '" + who + "'";
    covariate_path path;
    path.x = static_cast<double>(days.size() - 1);
    path.t_x = age(*days.rbegin(), first);
    path.T = age(last_day, first);
    for (--at; at != rows.end(); ++at) {
      path.start.push_back(std::max(0.0, age(at->first, first)));
      transaction_.append(at->second, named + " at " + format_day(at->first), path.transaction);
      life_.append(at->second, named + " at " + format_day(at->first), path.life);
    }
    add_purchases(days, path);
    return path;
  }

 private:
  double age(std::int64_t day, std::int64_t first) const {
    return static_cast<double>(day - first) / unit_days_;
  }

  void add_purchases(const std::set<std::int64_t>& days, covariate_path& path) const {
    const std::size_t names = path.transaction.size() / path.start.size();
    path.at_purchases.assign(names, 0.0);
    for (auto day = std::next(days.begin()); day != days.end(); ++day) {
      const auto next = std::ranges::upper_bound(path.start, age(*day, *days.begin()));
      const auto step = static_cast<std::size_t>(next - path.start.begin()) - 1;
      for (std::size_t k = 0; k < names; ++k) {
        path.at_purchases[k] += path.transaction[step * names + k];
      }
    }
  }

  [[noreturn]] static void refuse_gap(const std::string& who, std::int64_t from, std::int64_t to) {
    throw error(status::data,
                "table 'covariates': customer '" + who + "' has no row from its first purchase, " +
                    format_day(from) + ", to " + format_day(to),
                "give each customer a row at or before its first purchase");
  }

  numbers_of transaction_, life_;
  double unit_days_;
};

}  // namespace

covariate_paths read_covariate_paths(const table& log,
                                     const table& covariates,
                                     const process_covariates& names,
                                     const summarize_options& options) {
  data::log_reader reader(log, options);
  const auto purchases = read_purchases(reader, log.rows());
  const rows_by_day rows = read_rows(covariates, zone(options.time_zone));
  const path_builder builder(covariates, names, days_per_unit(options.unit));
  const bool numeric = found(covariates, "customer").kind() != type::utf8;
  const std::map<std::int64_t, std::size_t> none;
  covariate_paths all;
  for (const auto& [who, days] : purchases) {
    const auto of = rows.find(numeric ? as_number(who) : who);
    all.customers.push_back(who);
    all.paths.push_back(
        builder.build(who, days, of == rows.end() ? none : of->second, reader.last_day()));
  }
  if (all.paths.empty()) throw error(status::data, "the log has no purchase", "check as_of");
  return all;
}

}  // namespace clv
