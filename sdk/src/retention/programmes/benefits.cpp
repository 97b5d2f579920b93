// What benefits cost: as expected and at worst, per customer and summed, with seats and stock
// given out. benefit.hpp has the objects and their rules. An expectation is not a limit, so both
// are told: worst assumes that everybody redeems, on the largest basket.
#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/json.hpp"
#include "retention/programmes/benefit.hpp"
#include "retention/programmes/loyalty_columns.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr const char* own_name = "benefits";

constexpr std::array<report_input, 1> benefits_inputs{
    {{"customers",
      "",
      true,
      "customer; optional: basket (expected),largest_basket (else the largest of all),redemption "
      "(chance, else the benefit's),zone,value (ranks for seats and gifts)"}}};
constexpr std::array<report_option, 3> benefits_options{
    {{"benefits", "", "list of benefits as JSON, sdk/LOYALTY.md tells their members"},
     {"seed", "1", "of the draws"},
     {"currency", "\"\"", "in which the amounts are, as a label"}}};
constexpr std::array<report_output, 2> benefits_outputs{
    {{"",
      "customer,benefit,kind,given,by,propensity,redemption,expected_cost,worst_cost,"
      "opportunity_cost"},
     {"totals",
      "benefit,kind,customers,given,left,expected_cost,worst_cost,opportunity_cost,next_value"}}};

struct request {
  std::vector<benefit> benefits;
  std::uint64_t seed;
  std::string currency;
};

// By customer, byte by byte.
std::vector<benefit_customer> read_customers(const table& of) {
  const loyalty_input in(of, own_name, "customers");
  const report_rows& rows = in.rows;
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto ids = rows.texts("customer");
  positions(ids, rows, "customer");  // refuses who is there twice
  const auto baskets = rows.numbers_or("basket", 0), values = rows.numbers_or("value", 0);
  const auto largest = rows.numbers_or("largest_basket", none);
  const auto redemption = rows.numbers_or("redemption", none);
  const auto zones = optional_texts(in, "zone");
  double all = 0;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    all = std::max({all, baskets[row], largest[row] == largest[row] ? largest[row] : 0});
  }
  std::vector<benefit_customer> out;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    benefit_customer c{.id = ids[row], .zone = zones[row], .redemption = std::nullopt};
    c.basket = baskets[row];
    c.largest = largest[row] == largest[row] ? largest[row] : all;
    c.value = values[row];
    if (c.basket < 0) rows.refuse("basket", row, math::to_text(c.basket) + " is negative");
    if (c.largest < c.basket) {
      rows.refuse("largest_basket",
                  row,
                  math::to_text(c.largest) + " is below the expected " + math::to_text(c.basket));
    }
    if (redemption[row] == redemption[row]) {
      if (!(redemption[row] >= 0 && redemption[row] <= 1)) {
        rows.refuse("redemption", row, math::to_text(redemption[row]) + " is not from 0 to 1");
      }
      c.redemption = redemption[row];
    }
    out.push_back(std::move(c));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

struct sums {
  std::vector<double> expected, worst, opportunity;
  std::int64_t given = 0;
};

class costing {
 public:
  costing(const std::vector<benefit_customer>& customers, const request& asked)
      : customers_(customers), asked_(asked) {}

  void add(const benefit& b);
  void answer(outcome& out, const std::string& seal);

 private:
  std::vector<column_spec> main_columns() const {
    return {{"customer", type::utf8},
            {"benefit", type::utf8},
            {"kind", type::utf8},
            {"given", type::i64},
            {"by", type::utf8},
            {"propensity", type::f64},
            {"redemption", type::f64},
            {"expected_cost", type::f64, asked_.currency},
            {"worst_cost", type::f64, asked_.currency},
            {"opportunity_cost", type::f64, asked_.currency}};
  }
  std::vector<column_spec> total_columns() const {
    return {{"benefit", type::utf8},
            {"kind", type::utf8},
            {"customers", type::i64},
            {"given", type::i64},
            {"left", type::i64},
            {"expected_cost", type::f64, asked_.currency},
            {"worst_cost", type::f64, asked_.currency},
            {"opportunity_cost", type::f64, asked_.currency},
            {"next_value", type::f64, asked_.currency}};
  }
  void write_total(const benefit& b, const benefit_seats& seats, const sums& s);

  const std::vector<benefit_customer>& customers_;
  const request& asked_;
  sums all_;
  report_writer rows_{main_columns()}, totals_{total_columns()};
};

void costing::write_total(const benefit& b, const benefit_seats& seats, const sums& s) {
  const bool limited = b.kind == benefit_kind::gift || b.kind == benefit_kind::early_access;
  const bool missed = s.given < static_cast<std::int64_t>(customers_.size());
  totals_.row(b.name,
              word_of(b.kind),
              static_cast<std::int64_t>(customers_.size()),
              s.given,
              limited ? std::optional(seats.left) : std::nullopt,
              sorted_sum(s.expected),
              sorted_sum(s.worst),
              sorted_sum(s.opportunity),
              missed ? std::optional(seats.next_value) : std::nullopt);
}

void costing::add(const benefit& b) {
  const benefit_seats seats = allot(b, customers_, asked_.seed);
  sums s;
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    const benefit_seat& seat = seats.seats[i];
    const benefit_cost cost = seat.given ? cost_of(b, customers_[i]) : benefit_cost{};
    rows_.row(customers_[i].id,
              b.name,
              word_of(b.kind),
              std::int64_t{seat.given ? 1 : 0},
              seat.by,
              seat.propensity,
              cost.redemption,
              cost.expected,
              cost.worst,
              seat.opportunity_cost);
    s.given += seat.given ? 1 : 0;
    s.expected.push_back(cost.expected);
    s.worst.push_back(cost.worst);
    s.opportunity.push_back(seat.opportunity_cost);
  }
  write_total(b, seats, s);
  all_.given += s.given;
  all_.expected.push_back(sorted_sum(s.expected));
  all_.worst.push_back(sorted_sum(s.worst));
  all_.opportunity.push_back(sorted_sum(s.opportunity));
}

void costing::answer(outcome& out, const std::string& seal) {
  totals_.row("all",
              std::optional<std::string_view>(),
              static_cast<std::int64_t>(customers_.size()),
              all_.given,
              std::optional<std::int64_t>(),
              sorted_sum(all_.expected),
              sorted_sum(all_.worst),
              sorted_sum(all_.opportunity),
              std::optional<double>());
  out.tables[""] = rows_.sealed(seal);
  out.tables["totals"] = totals_.sealed("benefits.totals");
}

void answer(const report_inputs& in, const request& asked, outcome& out) {
  const std::vector<benefit_customer> customers = read_customers(in.of("customers"));
  costing work(customers, asked);
  for (const benefit& b : asked.benefits) work.add(b);
  work.answer(out, std::string(own_name) + "|" + in.of("customers").fingerprint());
}

job benefits_begin(report_inputs in, std::string_view options_json) {
  const settings s(own_name, options_json, benefits_options);
  request r{.benefits = benefits_option(own_name, options_json),
            .seed = static_cast<std::uint64_t>(s.number_in("seed", 1, 0, 9e15)),
            .currency = s.text("currency", "")};
  return report_at_once(
      "cost", [in = std::move(in), r = std::move(r)](outcome& out) { answer(in, r, out); });
}

}  // namespace

constinit const report benefits_report{
    .name = own_name,
    .summary = "What discounts, shipping, seats, gifts and points cost, as expected and at worst",
    .needs_model = false,
    .inputs = benefits_inputs,
    .options = benefits_options,
    .outputs = benefits_outputs,
    .begin = benefits_begin,
};

}  // namespace clv
