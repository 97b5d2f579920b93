#include "segments/segments.hpp"

#include <array>
#include <set>
#include <string>

#include "clv/error.hpp"
#include "segments/profile.hpp"

namespace clv {
namespace {

constexpr std::array all{&rfm, &value_tier, &k_means_clusters, &gaussian_mixture, &rule_segments};

// "frequency_bin: 2 bins are in use (1, 5)", for every column of bins, so that ties that emptied
// some are seen.
void note_bins(const table& assigned, issues& notes) {
  for (const column& c : assigned.columns()) {
    if (!c.name().ends_with("_bin") || c.kind() != type::i64) continue;
    const std::set<std::int64_t> used(c.integers().begin(), c.integers().end());
    std::string text;
    for (const std::int64_t bin : used) text += (text.empty() ? "" : ", ") + std::to_string(bin);
    notes.push_back({.code = status::ok,
                     .level = log_level::info,
                     .column = c.name(),
                     .message = c.name() + ": " + std::to_string(used.size()) +
                                (used.size() == 1 ? " bin is" : " bins are") + " in use (" + text +
                                ")"});
  }
}

struct segment_work {
  std::shared_ptr<const table> scores;
  const segmentation& scheme;
  std::string options_json;
  std::shared_ptr<table> assigned;
  std::shared_ptr<outcome> result = std::make_shared<outcome>();

  double learn() {
    learned found = scheme.learn(*scores, options_json);
    auto rule = std::make_shared<table>();
    rule->add("scheme", type::utf8).push(scheme.name);
    rule->add("options_json", type::utf8).push(std::string_view(found.options_json));
    rule->seal("rule|" + found.options_json);
    result->tables["rule"] = std::move(rule);
    if (found.quality) result->tables["quality"] = found.quality;
    options_json = std::move(found.options_json);
    return 1.0;
  }
  double assign() {
    assigned = std::make_shared<table>(scheme.assign(*scores, options_json));
    const std::string made_from =
        std::string(scheme.name) + "|" + options_json + "|" + scores->fingerprint();
    assigned->seal("segment|" + made_from);
    result->tables[""] = assigned;
    note_bins(*assigned, result->notes);
    return 1.0;
  }
  double profile() {
    auto out = std::make_shared<table>(profile_of(*scores, *assigned->find("segment")));
    out->seal("profile|" + assigned->fingerprint());
    result->tables["profile"] = std::move(out);
    return 1.0;
  }
};

}  // namespace

std::span<const segmentation* const> segmentations() {
  return all;
}

const segmentation& find_segmentation(std::string_view name) {
  std::string known;
  for (const segmentation* s : all) {
    if (s->name == name) return *s;
    known += (known.empty() ? "" : ", ") + std::string(s->name);
  }
  throw error(status::not_found,
              "no segmentation is called '" + std::string(name) + "'",
              "known: " + known);
}

job segment(std::shared_ptr<const table> scores, segment_options o) {
  auto work = std::make_shared<segment_work>(segment_work{.scores = std::move(scores),
                                                          .scheme = find_segmentation(o.scheme),
                                                          .options_json = o.options_json});
  return job({{"learn", [work] { return work->learn(); }},
              {"assign", [work] { return work->assign(); }},
              {"profile", [work] { return work->profile(); }}},
             work->result);
}

}  // namespace clv
