#include "features/feedback.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "features/cells.hpp"

namespace clv::features {
namespace {

constexpr double detractor = 0.6, lowest_quarter = 0.25;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool known_kind(const std::string& kind) {
  return kind == "csat" || kind == "nps" || kind == "ces" || kind == "review" ||
         kind == "complaint";
}

std::optional<double> score_at(const column* c, std::size_t row) {
  if (c == nullptr || text_at(*c, row).empty()) return std::nullopt;
  if (const auto score = number_at(*c, row)) return score;
  refuse_cell(*c, row, "'" + text_at(*c, row) + "' is not a score", "use a number or leave it out");
}

// The columns of one feedback table.
struct reader {
  const column& customer;
  const column& time;
  const column *kind, *score, *scale, *topics, *ids;

  reader(const table& rows, std::string_view owner)
      : customer(need(rows, "customer", "feedback", owner)),
        time(need(rows, "time", "feedback", owner)),
        kind(rows.find("kind")),
        score(rows.find("score")),
        scale(rows.find("scale")),
        topics(rows.find("topics")),
        ids(rows.find("event_id")) {}

  response read(std::size_t row, kinds allowed) const {
    response r{.topics = topics == nullptr ? "" : text_at(*topics, row)};
    const std::string what = kind == nullptr ? "complaint" : lower(text_at(*kind, row));
    const bool known = known_kind(what);
    if (!known && allowed == kinds::surveys) {
      refuse_cell(*kind,
                  row,
                  "'" + what + "' is not a kind of feedback",
                  "use CSAT, NPS, CES, review or complaint");
    }
    const auto given = score_at(score, row);
    if (known && given && what != "complaint") {
      r.satisfaction = satisfaction_of(what, *given, score_at(scale, row));
      if (!r.satisfaction) {
        refuse_cell(*score,
                    row,
                    text_at(*score, row) + " is outside the scale of " + what,
                    "NPS is 0 to 10; give column scale where CSAT or review is not 1 to 5, CES not "
                    "1 to 7");
      }
    }
    r.complaint = is_complaint(what, r.satisfaction);
    return r;
  }
};

auto sort_key(const response& r) {
  return std::tie(r.customer, r.time, r.satisfaction, r.complaint, r.topics);
}

double weight_of(const response& r, const moment& at, double tau) {
  return std::exp(-at.age_days(r.time) / tau);
}

// Sum of weights and of weighted answers.
std::pair<double, double> sums(std::span<const response> of, const moment& at, double tau) {
  double weights = 0, weighted = 0;
  for (const response& r : of) {
    if (!r.satisfaction) continue;
    const double w = weight_of(r, at, tau);
    weights += w;
    weighted += w * *r.satisfaction;
  }
  return {weights, weighted};
}

bool nobody_answered(std::span<const response> of) {
  return std::none_of(
      of.begin(), of.end(), [](const response& r) { return r.satisfaction.has_value(); });
}

}  // namespace

std::optional<double> satisfaction_of(std::string_view kind,
                                      double score,
                                      std::optional<double> scale) {
  const std::string what = lower(kind);
  const bool from_zero = what == "nps";
  if (what != "nps" && what != "csat" && what != "review" && what != "ces") return std::nullopt;
  const double least = from_zero ? 0 : 1;
  const double most = from_zero ? 10 : scale.value_or(what == "ces" ? 7 : 5);
  if (!(most > least) || score < least || score > most) return std::nullopt;
  return (score - least) / (most - least);
}

bool is_complaint(std::string_view kind, std::optional<double> satisfaction) {
  const std::string what = lower(kind);
  if (what == "complaint") return true;
  return satisfaction && *satisfaction <= (what == "nps" ? detractor : lowest_quarter);
}

std::vector<response> read_feedback(
    const table& rows, const moment& at, std::string_view owner, kinds allowed, crowd& who) {
  const reader in(rows, owner);
  std::vector<response> all;
  seen_events seen;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto when = time_at(in.time, row, at.where);
    if (!when) refuse_cell(in.time, row, "is empty", "every answer needs one");
    if (!at.knows(*when)) continue;
    if (in.ids != nullptr && seen.first_row(text_at(*in.ids, row), row)) continue;
    const std::string id = text_at(in.customer, row);
    if (id.empty()) refuse_cell(in.customer, row, "is empty", "every answer needs one");
    response r = in.read(row, allowed);
    r.customer = who.add(id);
    r.time = *when;
    all.push_back(std::move(r));
  }
  return all;
}

void settle(std::vector<response>& all, const crowd& who) {
  for (response& r : all) r.customer = who.ranks()[r.customer];
  std::sort(all.begin(), all.end(), [](const response& a, const response& b) {
    return sort_key(a) < sort_key(b);
  });
}

std::optional<double> overall_satisfaction(std::span<const response> all,
                                           const moment& at,
                                           double tau) {
  if (nobody_answered(all)) return std::nullopt;
  const auto [weights, weighted] = sums(all, at, tau);
  return (weighted + 1) / (weights + 2);
}

std::optional<double> satisfaction(
    std::span<const response> of_one, const moment& at, double tau, double prior, double overall) {
  if (nobody_answered(of_one)) return std::nullopt;
  const auto [weights, weighted] = sums(of_one, at, tau);
  return (weighted + prior * overall) / (weights + prior);
}

}  // namespace clv::features
