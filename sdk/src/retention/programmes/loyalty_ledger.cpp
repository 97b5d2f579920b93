// The points of a loyalty programme as a double-entry ledger, made from what happened: orders,
// refunds, redemptions. A pure function of the set of events: their order, and whether they came
// once or five times, changes no byte; a late event gives the ledger that it would have given in
// time. Make the whole ledger again rather than adding to it. The rules are points_account.hpp's,
// member_ledger.hpp's and the programme's.
//
// amount is what was paid in money, without what points paid. Table `accounts` is the trial
// balance: its points add up to 0, and `liability` is what all customers hold, debts taken off.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "retention/programmes/member_ledger.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr std::array<report_input, 2> loyalty_ledger_inputs{
    {{"transactions", "", true, loyalty_transaction_columns},
     {"redemptions", "", false, redemption_columns}}};
constexpr std::array<report_option, 3> loyalty_ledger_options{
    {{"programme", "", "the programme as JSON, sdk/LOYALTY.md tells its members"},
     {"as_of", "", "last day that counts; left out: the last event"},
     {"time_zone", "\"UTC\"", "of dates without an offset, and whose day as_of is"}}};
constexpr std::array<report_output, 3> loyalty_ledger_outputs{
    {{"", "customer,time,kind,from,to,points,lot,expires,order,event_id"},
     {"accounts", "account,points,members"},
     {"exceptions", "event_id,customer,what"}}};

class ledger_work {
 public:
  ledger_work(report_inputs in, loyalty_request asked)
      : in_(std::move(in)), asked_(std::move(asked)) {}

  double read() {
    log_ = read_loyalty_log(in_, asked_);
    return 1.0;
  }
  double walk();
  double write();
  std::shared_ptr<outcome> result() const { return result_; }

 private:
  void run_member(const loyalty_member& m);
  void move(std::string_view account, std::int64_t points);

  report_inputs in_;
  loyalty_request asked_;
  loyalty_log log_;
  std::size_t member_ = 0;
  std::int64_t issued_ = 0, redeemed_ = 0, expired_ = 0;
  report_writer rows_{{{"customer", type::utf8},
                       {"time", type::time},
                       {"kind", type::utf8},
                       {"from", type::utf8},
                       {"to", type::utf8},
                       {"points", type::i64, "points"},
                       {"lot", type::utf8},
                       {"expires", type::time},
                       {"order", type::utf8},
                       {"event_id", type::utf8}}};
  std::shared_ptr<outcome> result_ = std::make_shared<outcome>();
};

std::optional<std::string_view> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

void ledger_work::move(std::string_view account, std::int64_t points) {
  if (account == "issued") issued_ += points;
  if (account == "redeemed") redeemed_ += points;
  if (account == "expired") expired_ += points;
}

void ledger_work::run_member(const loyalty_member& m) {
  std::vector<ledger_row> rows;
  member_ledger(asked_.rules, m, rows, log_.exceptions).run(log_.as_of);
  for (const ledger_row& r : rows) {
    move(r.from, -r.points);
    move(r.to, r.points);
    rows_.row(m.customer,
              r.time,
              r.kind,
              r.from,
              r.to,
              r.points,
              unless_empty(r.lot),
              r.expires,
              unless_empty(r.order),
              r.event_id);
  }
}

double ledger_work::walk() {
  constexpr std::size_t members_a_unit = 256;
  const std::size_t n = log_.members.size(), stop = std::min(n, member_ + members_a_unit);
  for (; member_ < stop; ++member_) run_member(log_.members[member_]);
  return member_ == n ? 1.0 : static_cast<double>(member_) / static_cast<double>(n);
}

double ledger_work::write() {
  std::string seal = "loyalty_ledger|" + std::to_string(log_.as_of);
  for (const auto& [name, rows] : in_.tables) seal += "|" + name + rows->fingerprint();
  result_->tables[""] = rows_.sealed(seal);
  report_writer accounts(
      {{"account", type::utf8}, {"points", type::i64, "points"}, {"members", type::i64}});
  const auto members = static_cast<std::int64_t>(log_.members.size());
  accounts.row("issued", issued_, std::optional<std::int64_t>());
  accounts.row("liability", -(issued_ + redeemed_ + expired_), members);
  accounts.row("redeemed", redeemed_, std::optional<std::int64_t>());
  accounts.row("expired", expired_, std::optional<std::int64_t>());
  result_->tables["accounts"] = accounts.sealed("loyalty_ledger.accounts");
  std::sort(log_.exceptions.begin(), log_.exceptions.end());
  report_writer told({{"event_id", type::utf8}, {"customer", type::utf8}, {"what", type::utf8}});
  for (const loyalty_exception& e : log_.exceptions) told.row(e.event_id, e.customer, e.what);
  result_->tables["exceptions"] = told.sealed("loyalty_ledger.exceptions");
  return 1.0;
}

job loyalty_ledger_begin(report_inputs in, std::string_view options_json) {
  const settings s("loyalty_ledger", options_json, loyalty_ledger_options);
  loyalty_request asked{.report = "loyalty_ledger",
                        .rules = programme_option("loyalty_ledger", options_json),
                        .as_of = s.text("as_of", ""),
                        .time_zone = s.text("time_zone", "UTC")};
  as_of_option(asked.report, asked.as_of, asked.time_zone, {});  // refused before any work
  auto work = std::make_shared<ledger_work>(std::move(in), std::move(asked));
  return job({{"read", [work] { return work->read(); }},
              {"walk", [work] { return work->walk(); }},
              {"write", [work] { return work->write(); }}},
             work->result());
}

}  // namespace

constinit const report loyalty_ledger_report{
    .name = "loyalty_ledger",
    .summary = "The points of a loyalty programme as a double-entry ledger, made from its events",
    .needs_model = false,
    .inputs = loyalty_ledger_inputs,
    .options = loyalty_ledger_options,
    .outputs = loyalty_ledger_outputs,
    .begin = loyalty_ledger_begin,
};

}  // namespace clv
