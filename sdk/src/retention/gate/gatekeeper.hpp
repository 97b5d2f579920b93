// May this be proposed to this customer at all? Steps 1 to 12 of the order in sdk/POLICY.md: the
// law, the customer's wishes, capacity and the worst case. Profit is asked elsewhere (price.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "clv/decide.hpp"
#include "retention/deciding/reasons.hpp"
#include "retention/gate/policy.hpp"

namespace clv::retention {

// What is asked: one proposal in major units. Texts are borrowed for the call.
struct gate_question {
  std::string_view plugin, action, channel;
  std::string_view category;  // never "": "marketing" is the default
  std::string_view reads;     // comma list of the columns its plugin was granted; "" = not known
  std::string_view resource;  // "" = none
  double benefit = 0;
  double discount_share = 0;
  double worst_case = 0;
  std::string_view benefit_kind;  // "" = not said
};

// A plugin's objection for one customer, to what the other plugins propose.
struct veto {
  std::string_view plugin;
  std::string_view category;  // "" = all but exempt ones
  std::string_view reason;
};

struct refusal {
  reason_code code;
  std::string why;  // one sentence with the facts in it
};

class gatekeeper {
 public:
  // Indexes the facts by customer: O(rows). `rules` and the tables live on with it. Facts conform
  // to their schemas. Throws error{invalid} where the policy needs the time and now_us is 0, needs
  // table "consent" and there is none; error{data} naming row, column and value for a bad fact.
  gatekeeper(std::shared_ptr<const policy> rules,
             decision_facts facts,
             std::int64_t now_us,
             money_words money);
  ~gatekeeper();
  gatekeeper(const gatekeeper&) = delete;
  gatekeeper& operator=(const gatekeeper&) = delete;

  // The first refusal in the stated order; nullopt: it may compete. `now_us` stands for the order
  // of events: facts later than it are not seen. [any]
  std::optional<refusal> check(std::string_view customer,
                               const gate_question& asked,
                               std::span<const veto> vetoes) const;
  // Whether that plugin's vetoes count: not of one that is suspended, nor of one that reads what no
  // decision may look at. [any]
  bool hears(std::string_view plugin, std::string_view reads) const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clv::retention
