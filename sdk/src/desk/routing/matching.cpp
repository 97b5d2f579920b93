#include "desk/routing/matching.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "retention/number_text.hpp"

namespace clv::desk {
namespace {

constexpr std::size_t looked_at_in_a_step = 32;
constexpr std::size_t placed_in_a_step = 4;
constexpr double urgency_steps = 1 << 24;
constexpr double fit_steps = 1 << 20;

std::string short_number(double value) {
  return retention::number_text(std::round(value * 1000) / 1000);
}

std::string skill_text(const staff& who, const demand& d, std::size_t agent) {
  if (d.skill.empty() || who.agents()[agent].skills.empty()) return {};
  return d.skill + " " + short_number(who.proficiency(d, agent));
}

void say(std::string& text, const std::string& part) {
  if (part.empty()) return;
  text += (text.empty() ? "" : ", ") + part;
}

}  // namespace

match_mode read_match_mode(const settings& given) {
  const std::string mode = given.text("mode", "batch");
  if (mode != "batch" && mode != "online") given.refuse("mode", "batch or online");
  return mode == "batch" ? match_mode::batch : match_mode::online;
}

matching::matching(staff& who, std::vector<demand> demands, match_mode mode)
    : who_(&who),
      demands_(std::move(demands)),
      mode_(mode),
      given_(demands_.size()),
      nobody_(demands_.size()),
      able_(demands_.size()),
      best_fit_(demands_.size()) {
  problem_.demands.resize(demands_.size());
  for (std::size_t a = 0; a < who.agents().size(); ++a) {
    problem_.owner_limits.push_back(who.ticket_room(a));
  }
  for (const demand& d : demands_) most_urgent_ = std::max(most_urgent_, d.urgency);
  const routing_rules& weight = who.rules();
  scale_ =
      fit_steps / (1 + weight.load + 2 * weight.satisfaction + weight.skill + weight.relationship);
}

double matching::advance() {
  const std::size_t all = demands_.size();
  if (looked_at_ < all) {
    const std::size_t last = std::min(all, looked_at_ + looked_at_in_a_step);
    for (; looked_at_ < last; ++looked_at_) look_at(looked_at_);
    return mode_ == match_mode::online ? double(looked_at_) / double(all)
                                       : 0.3 * double(looked_at_) / double(all);
  }
  if (mode_ == match_mode::online) return 1;
  if (!assignment_) {
    set_tolls();
    assignment_ = std::make_unique<place_assignment>(problem_);
  }
  const double placed = assignment_->advance(placed_in_a_step);
  if (placed < 1) return 0.3 + 0.6 * placed;
  for (std::size_t i = 0; i < all; ++i) settle(i);
  for (std::size_t i = 0; i < all; ++i) {
    if (given_[i]) who_->take(given_[i]->agent, demands_[i].channel);
  }
  return 1;
}

void matching::look_at(std::size_t i) {
  const demand& d = demands_[i];
  best_fit_[i] = -std::numeric_limits<double>::infinity();
  for (std::size_t a = 0; a < who_->agents().size(); ++a) {
    if (who_->may_take(d, a) != refusal::none) continue;
    ++able_[i];
    best_fit_[i] = std::max(best_fit_[i], who_->fit(d, a).fit());
  }
  if (able_[i] == 0) {
    nobody_[i] = nobody_because(*who_, d);
  } else if (mode_ == match_mode::online) {
    choose(i);
  } else {
    offer(i);
  }
}

// Of equals the first in the order of ids.
void matching::choose(std::size_t i) {
  const demand& d = demands_[i];
  for (std::size_t a = 0; a < who_->agents().size(); ++a) {
    if (who_->may_take(d, a) != refusal::none) continue;
    const fit_parts parts = who_->fit(d, a);
    if (given_[i] && parts.fit() <= given_[i]->parts.fit()) continue;
    given_[i] = match{.agent = a, .parts = parts, .reason = {}};
  }
  given_[i]->reason = reason_for(d, *given_[i], able_[i], true);
  who_->take(given_[i]->agent, d.channel);
}

void matching::offer(std::size_t i) {
  const demand& d = demands_[i];
  const routing_rules& weight = who_->rules();
  place_demand& wanted = problem_.demands[i];
  const double share = most_urgent_ > 0 ? d.urgency / most_urgent_ : 1;
  wanted.weight = 1 + std::llround(urgency_steps * std::clamp(share, 0.0, 1.0));
  wanted.must = d.beyond_bound;
  for (std::size_t a = 0; a < who_->agents().size(); ++a) {
    if (who_->may_take(d, a) != refusal::none) continue;
    fit_parts parts = who_->fit(d, a);
    parts.load = 0;  // that of the place is its toll
    const double value = 1 + weight.load + weight.satisfaction + parts.fit();
    wanted.offers.push_back({pool_for(a, d), std::llround(scale_ * value)});
  }
}

// Tickets of one channel on which the agent is limited share a pool, all others another one.
std::uint32_t matching::pool_for(std::size_t agent, const demand& d) {
  const bool of_channel = who_->channel_room(agent, d.channel).has_value();
  const std::string channel = of_channel ? d.channel : std::string();
  const auto next = static_cast<std::uint32_t>(pools_.size());
  const auto [at, is_new] = pool_numbers_.emplace(std::to_string(agent) + "|" + channel, next);
  if (is_new) {
    pools_.emplace_back(agent, channel);
    offers_of_pool_.push_back(0);
  }
  ++offers_of_pool_[at->second];
  return at->second;
}

void matching::set_tolls() {
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    const auto& [agent, channel] = pools_[p];
    std::int64_t places = offers_of_pool_[p];
    places = std::min(places, who_->channel_room(agent, channel).value_or(places));
    places = std::min(places, who_->ticket_room(agent).value_or(places));
    place_pool pool{.owner = static_cast<std::uint32_t>(agent), .tolls = {}};
    for (std::int64_t k = 0; k < places; ++k) {
      const double load = who_->rules().load * who_->share(agent, channel, k);
      pool.tolls.push_back(std::llround(scale_ * load));
    }
    problem_.pools.push_back(std::move(pool));
  }
}

void matching::settle(std::size_t i) {
  const demand& d = demands_[i];
  const auto place = assignment_->of(i);
  if (!place) {
    if (able_[i] == 0) return;
    nobody_[i] = {"TAKEN",
                  std::to_string(able_[i]) + (able_[i] == 1 ? " agent" : " agents") +
                      " may take it, but what they have room for went to other tickets"};
    return;
  }
  const std::size_t agent = pools_[place->pool].first;
  const fit_parts parts = who_->fit(d, agent, place->place);
  given_[i] = match{.agent = agent, .parts = parts, .reason = {}};
  // 2^-20 of the largest fit is what two of them can differ by and be equal here.
  const bool best = parts.fit() >= best_fit_[i] - 1.0 / scale_;
  given_[i]->reason = reason_for(d, *given_[i], able_[i], best);
}

std::string matching::reason_for(const demand& d,
                                 const match& m,
                                 std::size_t able,
                                 bool best) const {
  std::string text;
  say(text, skill_text(*who_, d, m.agent));
  if (!d.language.empty() && !who_->agents()[m.agent].languages.empty()) {
    say(text, "speaks " + d.language);
  }
  if (who_->rules().load > 0) {
    const double share = m.parts.load / who_->rules().load;
    say(text, short_number(100 * share) + " % of the capacity in use");
  }
  if (who_->knows(d, m.agent)) say(text, "answered this customer before");
  const double satisfaction = m.parts.satisfaction;
  if (std::abs(satisfaction) >= 0.0005) {
    say(text, "satisfaction " + std::string(satisfaction > 0 ? "above" : "below") + " the team's");
  }
  if (able == 1) {
    say(text, "the only one who may take it");
  } else {
    say(text,
        best ? "the best of " + std::to_string(able) + " who may take it"
             : "the best for all tickets together, " + std::to_string(able) + " may take it");
  }
  return text;
}

}  // namespace clv::desk
