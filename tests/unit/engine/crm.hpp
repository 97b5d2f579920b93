// A shop with everything in it: facts of every kind beside its log, and a plugin to decide with.
#pragma once

#include <algorithm>
#include <set>

#include "clv/schema.hpp"
#include "shop.hpp"

namespace clv::test {

inline std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// facts_of("consent", "customer,channel,time,granted", {"ann,email,5,1"}): cells by the schema's
// types, an empty one is absent; columns named "attr.*" are texts. Amounts are cents.
inline std::shared_ptr<table> facts_of(const std::string& name,
                                       const std::string& columns,
                                       const std::vector<std::string>& rows,
                                       const std::string& currency = "EUR") {
  auto t = std::make_shared<table>();
  for (const std::string& c : split(columns)) {
    type kind = type::utf8;
    for (const field& f : find_schema(name).fields) {
      if (f.name == c) kind = f.kind;
    }
    t->add(c, kind, kind == type::money ? currency : "");
  }
  for (const std::string& row : rows) {
    const std::vector<std::string> cells = split(row);
    std::size_t i = 0;
    for (column& c : t->columns()) {
      const std::string& cell = cells.at(i++);
      if (cell.empty()) {
        c.push_absent();
      } else if (c.kind() == type::utf8) {
        c.push(std::string_view(cell));
      } else if (c.kind() == type::f64) {
        c.push(std::stod(cell));
      } else {
        c.push(static_cast<std::int64_t>(std::stoll(cell)));
      }
    }
  }
  return t;
}

inline std::pair<std::int64_t, std::int64_t> record(engine& e,
                                                    const std::string& name,
                                                    std::shared_ptr<const table> rows,
                                                    ingest_options o = {.source = "crm"}) {
  job j = e.record(name, std::move(rows), std::move(o));
  j.run();
  const table& counts = *j.result().tables.at("");
  return {counts.integers("accepted", type::i64)[0], counts.integers("duplicates", type::i64)[0]};
}

// Proposes the same mail to every customer, and remembers which columns it saw.
class crm_mailer : public proposer {
 public:
  std::string_view id() const override { return "mailer"; }
  void propose(
      const table& customers, std::size_t first, std::size_t last, table& out, issues&) override {
    for (const column& c : customers.columns()) seen.insert(c.name());
    for (std::size_t i = first; i < last; ++i) {
      for (column& c : out.columns()) fill(c, i);
    }
  }
  std::set<std::string> seen;
  double effect = 0.2;

 private:
  void fill(column& c, std::size_t row) const {
    const std::string& name = c.name();
    if (name == "row") return c.push(static_cast<std::int64_t>(row));
    if (name == "effect_mean") return c.push(effect);
    if (name == "effect_sd") return c.push(0.01);
    if (name == "benefit" || name == "contact_cost") return c.push(std::int64_t{10});
    if (name == "plugin") return c.push(std::string_view("mailer"));
    if (name == "channel") return c.push(std::string_view("email"));
    if (name == "action" || name == "reason") return c.push(std::string_view("mail"));
    c.push_absent();
  }
};

constexpr std::int64_t crm_now = 300 * us_per_day;

// Facts of every kind about c1000 and c1001, who are customers of busy_shop().
inline void record_everything(engine& e) {
  record(e,
         "customers",
         facts_of("customers",
                  "customer,csat,merged_into,order_value,attr.city",
                  {"c1000,4.5,,2500,Lviv", "c1001,2,,,Kyiv", "old1000,,c1000,,"}));
  record(e,
         "consent",
         facts_of("consent",
                  "customer,channel,time,granted,event_id",
                  {"c1000,email,5,1,k1", "c1001,email,5,1,k2", "c1002,email,6,0,k3"}));
  record(e,
         "contacts",
         facts_of("contacts",
                  "customer,time,channel,kind,benefit,event_id",
                  {"c1000,9,email,sent,250,m1", "c1001,9,email,sent,,m2"}));
  record(e,
         "ticket_events",
         facts_of("ticket_events",
                  "ticket,customer,time,kind,subject,event_id",
                  {"T1,c1000,60,created,from c1000,te1", "T2,c1001,61,created,,te2"}));
  record(e,
         "identities",
         facts_of("identities",
                  "customer,identity,time,linked,event_id",
                  {"c1000,mail:a,5,1,i1", "c1001,mail:b,6,1,i2"}));
  record(e, "agents", facts_of("agents", "agent,team", {"bob,first", "eve,second"}));
  record(e,
         "clock_events",
         facts_of("clock_events",
                  "ticket,customer,time,clock,kind,started,elapsed_minutes,target_minutes,event_id",
                  {"T1,c1000,62,resolution,hit,60,1,5,ce1",
                   "T2,c1001,63,resolution,missed,61,9,5,ce2"}));
  record(e,
         "follow_ups",
         facts_of("follow_ups",
                  "follow_up,customer,time,kind,event_id",
                  {"F1,c1000,64,opened,fe1", "F2,c1001,65,opened,fe2"}));
  record(e,
         "outcomes",
         facts_of("outcomes",
                  "decision_id,customer,time,kind,value,event_id",
                  {"d1,c1000,20,response,1,o1", "d2,c1001,20,value,12.5,o2"}));
  record(
      e,
      "evidence",
      facts_of("evidence",
               "action,customer,segment,effect_mean,effect_sd,n,level,policy",
               {"mail,c1000,,0.1,0.02,90,own_kind,", "mail,,,0.15,0.02,900,own_overall,targeted"}));
  record(e,
         "touches",
         facts_of("touches",
                  "customer,time,kind,weight,event_id",
                  {"c1000,30,open,1,t1", "c1001,31,click,,t2"}));
  record(e,
         "feedback",
         facts_of("feedback",
                  "customer,time,kind,score,topics,event_id",
                  {"c1000,40,csat,4,delivery of c1000,f1", "c1001,41,nps,9,,f2"}));
  record(e,
         "costs",
         facts_of("costs",
                  "customer,time,kind,amount,event_id",
                  {"c1000,50,acquisition,1250,a1", "c1001,51,service,300,a2"}));
  record(e,
         "referrals",
         facts_of("referrals",
                  "customer,referee,time,reward,event_id",
                  {"c1000,c1001,60,500,r1", "c1002,c1000,61,,r2", "c1002,c1001,62,,r3"}));
  record(e,
         "ledger",
         facts_of("ledger",
                  "customer,time,kind,from,to,points,event_id",
                  {"c1000,70,earn,programme,c1000,40,l1",
                   "c1001,71,earn,c1000,c1001,5,l2",
                   "c1001,72,burn,c1001,programme,5,l3"}));
}

// A log, facts, a model, scores, segments and two rounds of decisions.
inline void fill(engine& e, const std::vector<sale>& sales = busy_shop()) {
  ingest(e, log_of(sales));
  record_everything(e);
  e.fit({}, {}).run();
  e.score({}).run();
  e.segment({}).run();
  crm_mailer m;
  e.decide({&m}, {.now_us = crm_now - us_per_day}).run();
  e.decide({&m}, {.now_us = crm_now}).run();
}

}  // namespace clv::test
