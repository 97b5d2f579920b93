#include "market/decided.hpp"

#include <set>
#include <utility>

#include "clv/time.hpp"

namespace clv::market {
namespace {

constexpr double fresh_days = 30;

// The text of a cell that may be missing; "" then.
std::string_view text_at(const column* c, std::size_t row) {
  if (c == nullptr || c->kind() != type::utf8 || !c->present(row)) return {};
  return c->text(row);
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

std::vector<decided> read_decisions(std::string_view report,
                                    const table& rows,
                                    const truth_book& book) {
  const report_rows in(rows, report, "decisions");
  const std::vector<std::string> customers = in.texts("customer");
  const column* actions = rows.find("action");
  const column* arms = rows.find("arm");
  const column* ids = rows.find("decision_id");
  if (actions == nullptr) in.texts("action");  // throws, naming the columns that there are
  const column* policies = rows.find("policy");
  std::set<std::pair<std::string, std::size_t>> seen;
  std::vector<decided> out;
  out.reserve(customers.size());
  for (std::size_t row = 0; row < customers.size(); ++row) {
    decided d{.customer = book.customer_at(customers[row])};
    if (d.customer == truth_book::nobody) {
      in.refuse("customer", row, "'" + customers[row] + "' is not in table 'truth'");
    }
    const std::string_view action = text_at(actions, row), arm = text_at(arms, row);
    d.id = std::string(text_at(ids, row));
    const std::string_view policy = text_at(policies, row);
    d.policy = policy.empty() ? "decisions" : std::string(policy);
    if (!seen.emplace(d.policy, d.customer).second) {
      in.refuse("customer", row, "'" + customers[row] + "' is there twice");
    }
    if (!action.empty() && arm != "holdout" && arm != "none") {
      d.action = book.action_at(action);
      if (d.action == truth_book::nobody || book.of(d.customer, d.action) == nullptr) {
        in.refuse("action",
                  row,
                  "'" + std::string(action) +
                      "' is not in table 'truth' for this customer, which "
                      "has: " +
                      listed(book.actions()));
      }
    }
    out.push_back(std::move(d));
  }
  return out;
}

contact_history read_contacts(const table* rows, const truth_book& book) {
  contact_history h;
  h.sent.assign(book.customers().size(), 0);
  h.unheard.assign(book.customers().size() * book.actions().size(), false);
  if (rows == nullptr) return h;
  const column& customers = rows->get("customer", type::utf8);
  const column& kinds = rows->get("kind", type::utf8);
  const column& channels = rows->get("channel", type::utf8);
  const auto times = rows->integers("time", type::time);
  const double fresh_us = fresh_days * static_cast<double>(us_per_day);
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    if (!customers.present(row) || times[row] > book.as_of_us()) continue;
    const std::size_t who = book.customer_at(customers.text(row));
    if (who == truth_book::nobody) continue;
    const double age = static_cast<double>(book.as_of_us() - times[row]);
    if (kinds.text(row) == "sent" && age <= fresh_us) ++h.sent[who];
    if (kinds.text(row) != "unsubscribed") continue;
    for (std::size_t a = 0; a < book.actions().size(); ++a) {
      if (book.channel_of(a) == channels.text(row)) {
        h.unheard[who * book.actions().size() + a] = true;
      }
    }
  }
  return h;
}

}  // namespace clv::market
