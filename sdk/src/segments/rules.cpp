// Segments by rules: the first rule that holds gives its name, else the default does. The language
// is that of condition.hpp, on the columns of the scores.
//
// Options: "rules": list of {"name", "when"}; "default": name where none holds (default "other").
// Without rules: never_came_back (x == 0), likely_gone (p_alive < 0.5), default active.
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <vector>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "math/json.hpp"
#include "segments/clustering.hpp"
#include "segments/condition.hpp"
#include "segments/segments.hpp"

namespace clv {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 2> options{"rules", "default"};
constexpr std::string_view usual_rules =
    R"({"rules":[{"name":"never_came_back","when":"x == 0"},)"
    R"({"name":"likely_gone","when":"p_alive < 0.5"}],"default":"active"})";

struct rule {
  std::string name;
  condition when;
};

std::vector<rule> read_rules(const settings& given, const table& scores) {
  std::vector<rule> out;
  const auto list = given.records("rules", {"name", "when"});
  for (const auto& record : *list) {
    if (record[0].empty()) given.refuse("rules", "a name for every rule");
    out.push_back({record[0], condition(record[1], scores)});
  }
  return out;
}

std::string_view or_usual(std::string_view options_json) {
  const settings given("rules", options_json, options);
  if (given.has("rules")) return options_json;
  if (given.has("default")) given.refuse("rules", "a list of rules to go with the default");
  return usual_rules;
}

learned learn(const table& scores, std::string_view options_json) {
  const std::string_view text = or_usual(options_json);
  read_rules(settings("rules", text, options), scores);  // refuses what is not a rule
  return {.options_json = std::string(text), .quality = nullptr};
}

table assign(const table& scores, std::string_view options_json) {
  const settings given("rules", or_usual(options_json), options);
  const auto rules = read_rules(given, scores);
  const std::string rest = given.text("default", "other");
  table out = assignment_of(scores, "rules");
  column& segment = *out.find("segment");
  for (std::size_t row = 0; row < scores.rows(); ++row) {
    const std::string* name = &rest;
    for (const rule& each : rules) {
      if (!each.when.holds(row)) continue;
      name = &each.name;
      break;
    }
    segment.push(std::string_view(*name));
  }
  return out;
}

}  // namespace

constinit const segmentation rule_segments{
    .name = "rules",
    .summary = "The first of your own rules that holds, such as clv_p10 > 200 and p_alive >= 0.8.",
    .learn = learn,
    .assign = assign,
};

}  // namespace clv
