#include "desk/care/answers.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "features/cells.hpp"

namespace clv::desk {
namespace {

using features::text_at;

constexpr std::array kind_words{std::string_view("CSAT"),
                                std::string_view("NPS"),
                                std::string_view("CES"),
                                std::string_view("review"),
                                std::string_view("complaint")};

bool same_word(std::string_view a, std::string_view b) {
  const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return low(x) == low(y); });
}

std::string text_or_nothing(const column* c, std::size_t row) {
  return c == nullptr ? std::string() : text_at(*c, row);
}

// The cells of one row, as features::read_feedback reads and refuses them.
class feedback_cells {
 public:
  explicit feedback_cells(const table& rows)
      : customer_(rows.get("customer", type::utf8)),
        time_(rows.get("time", type::time)),
        kind_(rows.get("kind", type::utf8)),
        score_(rows.get("score", type::f64)),
        scale_(rows.find("scale")),
        ticket_(rows.find("ticket")),
        agent_(rows.find("agent")),
        ids_(rows.find("event_id")) {}

  std::string event_id(std::size_t row) const { return text_or_nothing(ids_, row); }
  std::string agent(std::size_t row) const { return text_or_nothing(agent_, row); }
  std::int64_t time(std::size_t row) const {
    if (!time_.present(row))
      features::refuse_cell(time_, row, "is empty", "every answer needs one");
    return time_.integers()[row];
  }
  answer read(std::size_t row, const identity_map& who) const {
    const std::string said_by = text_at(customer_, row);
    if (said_by.empty()) {
      features::refuse_cell(customer_, row, "is empty", "every answer needs one");
    }
    answer a{.row = row,
             .time = time(row),
             .customer = std::string(who.customer_of(said_by)),
             .said_by = said_by,
             .ticket = text_or_nothing(ticket_, row),
             .kind = kind(row),
             .event_id = event_id(row)};
    a.score = features::number_at(score_, row);
    if (a.kind != "complaint" && a.score) a.satisfaction = satisfaction(row, a);
    a.complaint = features::is_complaint(a.kind, a.satisfaction);
    return a;
  }

 private:
  std::string kind(std::size_t row) const {
    const std::string given = text_at(kind_, row);
    const std::string_view known = kind_name(given);
    if (!known.empty()) return std::string(known);
    features::refuse_cell(kind_,
                          row,
                          "'" + given + "' is not a kind of feedback",
                          "use CSAT, NPS, CES, review or complaint");
  }
  double satisfaction(std::size_t row, const answer& a) const {
    const auto scale = scale_ == nullptr ? std::nullopt : features::number_at(*scale_, row);
    const auto found = features::satisfaction_of(a.kind, *a.score, scale);
    if (found) return *found;
    features::refuse_cell(score_,
                          row,
                          text_at(score_, row) + " is outside the scale of " + a.kind,
                          "NPS is 0 to 10; give column scale where CSAT or review is not 1 to 5, "
                          "CES not 1 to 7");
  }

  const column &customer_, &time_, &kind_, &score_;
  const column *scale_, *ticket_, *agent_, *ids_;
};

auto order_of(const answer& a) {
  return std::tie(
      a.time, a.customer, a.ticket, a.kind, a.satisfaction, a.about.agent, a.event_id, a.row);
}

}  // namespace

std::string_view kind_name(std::string_view kind) {
  for (const std::string_view word : kind_words) {
    if (same_word(word, kind)) return word;
  }
  return {};
}

std::vector<answer> read_answers(const table& feedback,
                                 const ticket_book& book,
                                 const identity_map& who,
                                 std::int64_t now) {
  const feedback_cells cells(feedback);
  features::seen_events seen;
  std::vector<answer> all;
  for (std::size_t row = 0; row < feedback.rows(); ++row) {
    if (cells.time(row) > now) continue;
    if (seen.first_row(cells.event_id(row), row)) continue;
    answer a = cells.read(row, who);
    if (const ticket* about = book.find(a.ticket)) a.about = credited_agent(book, *about, a.time);
    if (std::string named = cells.agent(row); !named.empty()) a.about.agent = std::move(named);
    all.push_back(std::move(a));
  }
  std::ranges::sort(all,
                    [](const answer& a, const answer& b) { return order_of(a) < order_of(b); });
  return all;
}

std::vector<answer> read_answers(const report_inputs& in, const desk_view& view) {
  if (!in.has("feedback")) return {};
  return read_answers(in.of("feedback"), view.book, view.who, view.now);
}

}  // namespace clv::desk
