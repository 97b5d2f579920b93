#include "retention/experiments/lift_groups.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

#include "retention/experiments/holdout.hpp"

namespace clv::retention {
namespace {

// What is known of a customer before anything is grouped.
struct standing {
  bool seen = false, held = true, partly = false;
  double share = 1;  // the least of its decisions': with it, it is held out of all of them
  std::string_view segment;
};

// Collects the decisions of one group in the order of time.
class group_builder {
 public:
  group_builder(lift_group& to, bool count_overlapping) : to_(to), all_(count_overlapping) {}

  // `share`: the chance that the customer is held out, as far as this decision is concerned.
  void add(const measured_log& log, std::size_t index, bool held, double share) {
    const measured_decision& d = log.decisions[index];
    const auto [place, fresh] = places_.emplace(d.customer, to_.people.size());
    if (fresh) {
      to_.people.push_back({.customer = d.customer, .held = held, .held_chance = share});
      busy_.push_back(std::numeric_limits<std::int64_t>::min());
      to_.expected_held += share;
      to_.expected_variance += share * (1 - share);
    }
    measured_person& p = to_.people[place->second];
    if (p.held != held) {
      to_.switched += 1;
    } else if (!all_ && d.time < busy_[place->second]) {
      to_.overlapping += 1;
    } else {
      busy_[place->second] = d.matured;
      to_.decisions.push_back(index);
      count(d, p);
    }
  }

 private:
  static void count(const measured_decision& d, measured_person& p) {
    p.decisions += 1;
    p.responded = std::max(p.responded, d.response);
    p.unsubscribed = std::max(p.unsubscribed, d.unsubscribed);
    p.value += d.value;
    p.cost += d.cost;
  }

  lift_group& to_;
  bool all_;
  std::unordered_map<std::size_t, std::size_t> places_;
  std::vector<std::int64_t> busy_;  // until when, by place
};

double share_of(const measured_decision& d, const group_rules& rules) {
  return rules.share.value_or(d.share.value_or(usual_share));
}

std::vector<standing> standings(const measured_log& log, const group_rules& rules) {
  std::vector<standing> all(log.customers.size());
  for (const measured_decision& d : log.decisions) {
    standing& s = all[d.customer];
    if (!s.seen) s.segment = d.segment;
    s.partly = s.partly || (s.seen && s.held != d.held_of_all);
    s.held = s.held && d.held_of_all;
    s.share = std::min(s.share, share_of(d, rules));
    s.seen = true;
  }
  if (!rules.salt) return all;
  for (std::size_t c = 0; c < all.size(); ++c) {
    all[c].held = held_out(salted_hash(*rules.salt, log.customers[c]), all[c].share);
  }
  return all;
}

class grouping {
 public:
  grouping(const measured_log& log, const group_rules& rules)
      : log_(log), rules_(rules), standing_(standings(log, rules)) {}

  void add_kind(const std::string& kind, std::vector<lift_group>& to) {
    std::map<std::string, lift_group> groups;
    std::map<std::string, group_builder> builders;
    std::vector<bool> acted(log_.customers.size(), false);
    const bool everybody = kind == "system" || kind == "segment";
    for (std::size_t i = 0; i < log_.decisions.size(); ++i) {
      const measured_decision& d = log_.decisions[i];
      const bool before = acted[d.customer];
      acted[d.customer] = before || !d.action.empty();
      if (!everybody && (d.action.empty() || (before && !rules_.each))) continue;
      const std::string name = name_in(kind, d);
      if (name.empty()) continue;
      lift_group& g = groups[name];
      auto builder = builders.try_emplace(name, g, rules_.count_overlapping).first;
      everybody
          ? builder->second.add(log_, i, standing_[d.customer].held, standing_[d.customer].share)
          : builder->second.add(log_, i, d.held, selected_share(d));
    }
    for (auto& [name, g] : groups) {
      g.kind = kind;
      g.name = name;
      std::sort(g.people.begin(), g.people.end(), [](const auto& a, const auto& b) {
        return a.customer < b.customer;
      });
      to.push_back(std::move(g));
    }
  }

  double partly_held() const {
    double n = 0;
    for (const standing& s : standing_) n += s.partly ? 1 : 0;
    return n;
  }

 private:
  std::string name_in(const std::string& kind, const measured_decision& d) const {
    if (kind == "system") return "all";
    if (kind == "segment") return std::string(standing_[d.customer].segment);
    if (kind == "plugin") return d.plugin;
    return d.plugin.empty() ? d.action : d.plugin + "/" + d.action;
  }
  double selected_share(const measured_decision& d) const {
    const double own = rules_.nested_share ? rules_.nested_share(d.action) : d.own_share;
    return 1 - (1 - share_of(d, rules_)) * (1 - own);
  }

  const measured_log& log_;
  const group_rules& rules_;
  std::vector<standing> standing_;
};

}  // namespace

lift_groups groups_of(const measured_log& log, const group_rules& rules) {
  lift_groups out;
  grouping work(log, rules);
  for (const std::string& kind : rules.kinds) work.add_kind(kind, out.groups);
  out.partly_held = work.partly_held();
  return out;
}

}  // namespace clv::retention
