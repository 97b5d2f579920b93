// Deciding: plugins propose, the core prices every proposal by its incremental profit, spends a
// budget, keeps a holdout and leaves one receipt per customer. reference: sdk/README.md, Deciding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/extension.hpp"
#include "clv/job.hpp"
#include "clv/score.hpp"

namespace clv {

// Anything that proposes actions for rows of a score table. The plugin host implements it.
class proposer {
 public:
  virtual ~proposer() = default;
  virtual std::string_view id() const = 0;
  // Appends to `proposals`, which has every column of schema "proposals" (row counts in
  // `customers`; customer may be left to the caller by appending nothing to it). Failures of the
  // proposer are notes with code status::plugin: it is not asked again in this run then, and
  // everything it proposed in it is dropped. Throws error{cancelled} when it stopped early because
  // the run is cancelled: what it said is not all.
  virtual void propose(const table& customers,
                       std::size_t first,
                       std::size_t last,
                       table& proposals,
                       issues& notes) = 0;
};

// `scores` conforms to schema "scores" and may have further columns (with_customers): proposers
// read those by name. Main table: schema "proposals", in the order of proposers, then rows.
// Before it the makers add their features to the columns that proposers see. Proposers and makers
// must outlive the job.
job propose(std::shared_ptr<const table> scores,
            std::vector<proposer*> proposers,
            std::vector<feature_maker*> makers = {});

// `scores` with the columns of `customers` (schema "customers" and any named "attr.*") appended,
// matched by customer; absent where `customers` has no row of that id or no such column. Throws
// error{data} for a customer that is in `customers` twice, error{invalid} without column customer.
std::shared_ptr<const table> with_customers(const std::shared_ptr<const table>& scores,
                                            const table& customers);

// What the host knows beside scores and proposals, by the names of their schemas: "customers",
// "consent", "contacts", "evidence". A table that is not given is not known, and what needs it is
// not checked; but a policy that asks for consent and has no table "consent" refuses.
using decision_facts = std::map<std::string, std::shared_ptr<const table>, std::less<>>;

struct decide_options {
  std::optional<std::int64_t> budget_minor;  // nullopt: no limit; 0: nothing may be spent
  std::string currency;        // of the budget, proposals and scores; "" = the scores'
  double z = 1.0;              // the gate asks for mean - z * sd > 0
  double holdout_share = 0.1;  // in [0, 1]: whose H64(salt, id) falls below it gets nothing
  std::string holdout_salt = "clv";
  double margin = 1.0;      // share of spend that is profit, (0, 1]; 0 = 1
  std::int64_t now_us = 0;  // proposals that expire before it are refused; 0: not checked
  // To compute p0, the chance of a purchase in the proposal's horizon without the action:
  std::shared_ptr<const fitted_model> model;
  std::string policy;  // JSON "clv.policy/1" (sdk/POLICY.md); "" has no rules beyond the above
  decision_facts facts;
  std::string previous_hash;  // chain_hash of the last decision before this run; "" starts a chain
  // The two are engine::decide's:
  std::shared_ptr<const table> proposals;  // made elsewhere; they come after those of the proposers
  std::string model_name;  // a number or an alias; "": the model that made the scores
};

// `scores` and `proposals` conform to their schemas. Phases: price, allocate, receipts.
// Tables: "" schema "decisions", one row per customer considered (every row of `scores`, in that
// order): the chosen action or the reason code why none; "refusals": one row per proposal not
// chosen with its code and sentence; "budget": one row: limit, spent, expected profit, LP bound,
// shadow price, gap.
// Also "resources": one row per resource of the policy with a limit: name, limit, used, shadow
// price. Arms: "exploit" (treated), "explore" (drawn, to learn), "holdout" (held out; the receipt
// names what was withheld), "none". Held-out customers use no budget. propensity: the exact
// probability of the row's action (or of none) given the customer and the prices of the resources;
// reference: sdk/POLICY.md. Equal slopes go by the salted hash of the customer, then by row: the
// order of rows changes no decision, only the order of the chain. Throws error{data} for two
// currencies or an unusable proposal, error{numeric} for an impossible history, error{invalid} for
// options or a policy out of range, a missing column or no purchase model.
job decide(std::shared_ptr<const table> scores,
           std::shared_ptr<const table> proposals,
           decide_options o);

// Computes receipts again from what they say themselves: arm, code, prices and propensity from the
// stated numbers, and the chain of hashes. `decisions` has columns receipt, prev_hash, chain_hash
// (decision_log has them; a forgotten customer's receipt is absent and its receipt_hash stands for
// it). Columns arm, reason_code, plugin, action, withheld, segment and propensity, where they are
// there, must say what the receipt says. What the gate refused and what the allocation planned is
// taken as stated; so is whose receipt it is: that takes the salt (report holdout). Main table:
// decision_id, customer, matches (0 or 1), difference (a sentence, or absent). Throws
// error{invalid} for a missing column. One row per row of `decisions`.
job replay(std::shared_ptr<const table> decisions);

}  // namespace clv
