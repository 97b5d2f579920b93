#include "market/habits.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace clv::market {
namespace {

struct source {
  std::string_view name;
  double cost;
};
constexpr std::array<source, 4> sources{
    {{"search", 25}, {"social", 15}, {"friend", 5}, {"direct", 0}}};
constexpr std::array<std::string_view, 3> categories{"books", "garden", "kitchen"};
constexpr double open_rate = .05, visit_rate = .04;  // a day

template <class List>
const auto& one_of(const List& list, random_source& random) {
  const double at = random.uniform() * static_cast<double>(list.size());
  return list[std::min(static_cast<std::size_t>(at), list.size() - 1)];
}

// Mail is opened with or without orders, visits end with the relation.
void draw_touches(const world& w, const person& who, random_source& random, habits& h) {
  const traits& t = who.hidden;
  const double opens = open_rate * t.sensitivity * t.sensitivity;
  const double all = opens + visit_rate;
  const double from = std::max(t.first_day, w.history_days - touch_days);
  for (double day = from;;) {
    day += random.exponential() / all;
    if (!(day < w.history_days)) return;
    const double u = random.uniform(), deep = random.uniform();
    if (u * all < opens) {
      if (h.email) h.touches.push_back({day, deep < .25 ? "click" : "open", "email", 1});
    } else if (day < t.left_day) {
      h.touches.push_back({day, deep < .2 ? "cart" : "visit", "web", deep < .2 ? 3.0 : 1.0});
    }
  }
}

double rounded(double score, double least, double most) {
  return std::clamp(std::round(score), least, most);
}

void draw_answers(const world& w, const person& who, random_source& random, habits& h) {
  double severe = 0;
  for (std::size_t i = 0; i < who.tickets.size(); ++i) {
    const ticket& each = who.tickets[i];
    const double mood = random.normal(), answers = random.uniform();
    if (each.severity >= 3) ++severe;
    const double slow = each.resolved - each.opened > 5 ? 1 : 0;
    const double score = rounded(5 - .6 * (each.severity - 1) - slow + .7 * mood, 1, 5);
    const double day = each.resolved + 1;
    if (answers < .6 && day < w.history_days) h.answers.push_back({day, "CSAT", score, 5, i});
  }
  const double asked = w.history_days - 180 * random.uniform(), mood = random.normal();
  const bool answered = random.uniform() < .4 && asked > who.hidden.first_day;
  if (answered) h.answers.push_back({asked, "NPS", rounded(8 + 1.3 * mood - severe, 0, 10), 10, 0});
  std::sort(h.answers.begin(), h.answers.end(), [](const answer& x, const answer& y) {
    return x.day < y.day;
  });
}

}  // namespace

habits draw_habits(const world& w, std::uint64_t customer, const person& who) {
  random_source random = stream_of(w, customer, subject::contact_habits);
  habits h;
  h.email = random.uniform() < .9;
  h.sms = random.uniform() < .6;
  h.phone = random.uniform() < .6;
  const source& from = one_of(sources, random);
  h.source = from.name;
  h.acquisition_cost = from.cost;
  h.gender = random.uniform() < .5 ? "f" : "m";
  h.next_category = one_of(categories, random);
  h.next_category_p = .02 + .13 * random.uniform();
  h.next_category_lift = .8 + .8 * random.uniform();
  draw_answers(w, who, random, h);
  draw_touches(w, who, random, h);
  h.other = draw_dealings(w, customer, who);
  return h;
}

bool survey_is_out(const world& w, const person& who, const habits& h) {
  for (std::size_t i = 0; i < who.tickets.size(); ++i) {
    const double age = w.history_days - who.tickets[i].resolved;
    const bool answered = std::any_of(h.answers.begin(), h.answers.end(), [&](const answer& a) {
      return a.kind == "CSAT" && a.ticket == i;
    });
    if (age >= 0 && age < survey_days && !answered) return true;
  }
  return false;
}

bool may_use(const habits& h, std::string_view channel) {
  if (!h.left_channel.empty() && channel == h.left_channel) return false;
  if (channel == "email") return h.email;
  if (channel == "sms") return h.sms;
  return channel == "phone" ? h.phone : true;
}

}  // namespace clv::market
