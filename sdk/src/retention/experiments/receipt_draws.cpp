#include "retention/experiments/receipt_draws.hpp"

#include <boost/json/value.hpp>
#include <charconv>
#include <cstdint>

#include "clv/error.hpp"
#include "math/json.hpp"
#include "retention/experiments/holdout.hpp"

namespace clv::retention {
namespace {

namespace json = boost::json;

const json::value* member(const json::value* of, const char* name) {
  const json::object* whole = of == nullptr ? nullptr : of->if_object();
  return whole == nullptr ? nullptr : whole->if_contains(name);
}

std::string_view text_of(const json::value* v) {
  const json::string* text = v == nullptr ? nullptr : v->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

std::optional<double> share_in(const json::value* v) {
  if (v == nullptr || !v->is_number()) return std::nullopt;
  const double share = v->to_number<double>();
  return share >= 0 && share <= 1 ? std::optional<double>(share) : std::nullopt;
}

std::optional<std::uint64_t> lot_of(const json::value* v) {
  const std::string_view hex = text_of(v);
  std::uint64_t lot = 0;
  const auto read = std::from_chars(hex.data(), hex.data() + hex.size(), lot, 16);
  return !hex.empty() && read.ptr == hex.data() + hex.size() ? std::optional(lot) : std::nullopt;
}

// The share of the first candidate with that action: a policy names holdouts by action alone.
double own_share(const json::value* candidates, std::string_view action) {
  const json::array* all = candidates == nullptr ? nullptr : candidates->if_array();
  if (all == nullptr || action.empty()) return 0;
  for (const json::value& c : *all) {
    if (text_of(member(&c, "action")) == action) return share_in(member(&c, "holdout")).value_or(0);
  }
  return 0;
}

}  // namespace

holdout_draw read_draw(std::string_view receipt, std::string_view action) try {
  if (receipt.empty()) return {};
  const json::value said = math::parse_json(receipt);
  const auto share = share_in(member(member(&said, "options"), "holdout_share"));
  const auto lot = lot_of(member(member(&said, "lots"), "holdout"));
  holdout_draw draw{.share = share,
                    .own = own_share(member(&said, "candidates"), action),
                    .plugin = std::string(text_of(member(member(&said, "withheld"), "plugin")))};
  if (share && lot) draw.everything = held_out(*lot, *share);
  return draw;
} catch (const error&) {
  return {};
}

}  // namespace clv::retention
