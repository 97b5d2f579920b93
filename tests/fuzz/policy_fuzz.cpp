// Any bytes as the policy of a decision: refused with the member that is wrong, or every customer
// gets an action or a reason, and the receipts say again what was decided.
#include "through_c.hpp"

namespace {

using namespace clv::fuzz;

constexpr std::int64_t now_us = 1'767'268'800'000'000;  // 2026-01-01T12:00:00Z

// What a policy can look at, of the first customers of the market.
struct known_facts {
  result_ptr customers, consent, contacts, proposals;
};

std::string id(std::int64_t row) {
  const clv_result* scores = small_market().scores.get();
  return clv_result_text(scores, clv_result_find(scores, "customer"), row, nullptr);
}

result_ptr made(const std::string& csv, const char* schema) {
  result_ptr table = table_of_csv(csv, schema);
  require(table != nullptr, "the fixed tables are read", schema);
  return table;
}

known_facts make_facts() {
  known_facts f;
  f.customers = made("customer,attr.gender,orders,discounted_orders,order_value,order_cost\n" +
                         id(0) + ",f,5,4,50.00,20.00\n" + id(1) + ",m,1,0,10.00,9.00\n",
                     "customers");
  f.consent = made("customer,channel,time,granted\n" + id(0) + ",email,2025-12-01,1\n" + id(2) +
                       ",sms,2025-12-02,0\n",
                   "consent");
  f.contacts = made("customer,time,channel,kind,category,action\n" + id(0) +
                        ",2025-12-30,email,sent,marketing,winback.coupon\n" + id(3) +
                        ",2025-12-31,sms,rejected,marketing,winback.coupon\n",
                    "contacts");
  std::string rows =
      "row,plugin,action,channel,reason,effect_mean,effect_sd,benefit,contact_cost,category,"
      "discount_share,worst_case,resource,agent_minutes,veto,reads\n";
  for (std::int64_t row = 0; row < clv_result_rows(small_market().scores.get()); ++row) {
    const std::string number = std::to_string(row);
    rows += number +
            ",org.example.a,winback.coupon,email,Long away.,0.2,0.01,1.00,0.10,marketing," +
            "0.1,2.00,gift.mug,1,0,attr.gender\n";
    rows += number + ",org.example.b,upsell.call,sms,Buys often.,0.1,0.02,0.00,0.50,,,,,5," +
            (row == 4 ? "1" : "0") + ",clv\n";
  }
  f.proposals = made(rows, "proposals");
  return f;
}

const known_facts& facts() {
  static const known_facts made_once = make_facts();
  return made_once;
}

result_ptr decide(const std::string& policy) {
  const clv_batch scores = batch_of(*small_market().scores);
  const clv_batch proposals = batch_of(*facts().proposals);
  const clv_batch customers = batch_of(*facts().customers);
  const clv_batch consent = batch_of(*facts().consent);
  const clv_batch contacts = batch_of(*facts().contacts);
  const clv_named_batch known[] = {
      {"customers", &customers}, {"consent", &consent}, {"contacts", &contacts}};
  clv_decide_options options = CLV_SIZED(clv_decide_options);
  options.flags = CLV_DECIDE_HAS_BUDGET;
  options.budget_minor = 1000;
  options.now_us = now_us;
  options.policy_json = policy.c_str();
  options.facts = known;
  options.n_facts = 3;
  return table_of([&](clv_job** job, clv_diag* diag) {
    return clv_decide_begin(&options, small_market().model.get(), &scores, &proposals, job, diag);
  });
}

void check_replay(const clv_result& decisions) {
  const clv_batch batch = batch_of(decisions);
  const result_ptr replayed = table_of(
      [&](clv_job** job, clv_diag* diag) { return clv_replay_begin(nullptr, &batch, job, diag); });
  require(replayed != nullptr, "receipts can be replayed");
  const std::int32_t matches = clv_result_find(replayed.get(), "matches");
  for (std::int64_t row = 0; row < clv_result_rows(replayed.get()); ++row) {
    require(clv_result_number(replayed.get(), matches, row) == 1,
            "a receipt says what was decided");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const result_ptr decisions = decide(std::string(text_of(data, size)));
  if (decisions == nullptr) return 0;
  require(clv_result_rows(decisions.get()) == clv_result_rows(small_market().scores.get()),
          "a decision for every customer");
  read_through(*decisions);
  check_replay(*decisions);
  return 0;
}
