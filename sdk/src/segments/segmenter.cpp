// Segments by a plugin, in the shape of those of a scheme.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/extension.hpp"
#include "features/feature_columns.hpp"
#include "segments/profile.hpp"

namespace clv {
namespace {

constexpr std::size_t segmented_at_once = 4096;

class segmenting_run {
 public:
  segmenting_run(std::shared_ptr<const table> customers, segmenter& by)
      : customers_(std::move(customers)), by_(by) {}

  void look_at(std::shared_ptr<const table> with_features) {
    customers_ = std::move(with_features);
  }

  double assign(outcome& result) {
    const std::size_t rows = customers_->rows();
    const std::size_t last = std::min(rows, segment_.size() + segmented_at_once);
    by_.assign(*customers_, segment_.size(), last, segment_, result.notes);
    while (segment_.size() < last) segment_.push_absent();
    if (last < rows) return static_cast<double>(last) / static_cast<double>(rows);
    note_left_out(result.notes);
    write(result);
    return 1;
  }

  double profile(outcome& result) {
    auto out = std::make_shared<table>(profile_of(*customers_, segment_));
    out->seal("profile|" + result.tables.at("")->fingerprint());
    result.tables["profile"] = std::move(out);
    return 1;
  }

 private:
  void note_left_out(issues& notes) const {
    std::size_t left_out = 0;
    for (std::size_t row = 0; row < segment_.size(); ++row) left_out += !segment_.present(row);
    if (left_out == 0) return;
    notes.push_back({.code = status::ok,
                     .level = log_level::info,
                     .column = "segment",
                     .message = std::to_string(left_out) + " of " +
                                std::to_string(segment_.size()) + " customers are in no segment",
                     .hint = {},
                     .plugin = std::string(by_.id())});
  }

  column the_same_in_every_row(const char* name, const std::string& text) const {
    column c(name, type::utf8);
    for (std::size_t row = 0; row < segment_.size(); ++row) c.push(std::string_view(text));
    return c;
  }

  void write(outcome& result) const {
    const std::string scheme = scheme_of(by_), settings = by_.settings(), reads = by_.reads();
    auto assigned = std::make_shared<table>();
    if (const column* whose = customers_->find("customer"); whose != nullptr) {
      assigned->columns().push_back(*whose);
    }
    assigned->columns().push_back(the_same_in_every_row("scheme", scheme));
    assigned->columns().push_back(segment_);
    assigned->columns().push_back(the_same_in_every_row("reads", reads));
    assigned->seal("segment|" + scheme + "|" + settings + "|" + customers_->fingerprint());
    result.tables[""] = std::move(assigned);
    auto rule = std::make_shared<table>();
    rule->add("scheme", type::utf8).push(std::string_view(scheme));
    rule->add("options_json", type::utf8).push(std::string_view(settings));
    rule->seal("rule|" + settings);
    result.tables["rule"] = std::move(rule);
  }

  std::shared_ptr<const table> customers_;
  segmenter& by_;
  column segment_{"segment", type::utf8};
};

}  // namespace

std::string scheme_of(const segmenter& by) {
  return "plugin:" + std::string(by.id());
}

job segment(std::shared_ptr<const table> customers,
            segmenter& by,
            std::vector<feature_maker*> makers) {
  auto result = std::make_shared<outcome>();
  auto run = std::make_shared<segmenting_run>(customers, by);
  std::vector<phase> phases;
  if (!makers.empty()) {
    auto columns = std::make_shared<feature_columns>(std::move(customers), std::move(makers));
    phases.push_back(feature_phase(std::move(columns), result, [run](auto with_features) {
      run->look_at(std::move(with_features));
    }));
  }
  phases.push_back({"assign", [run, result] { return run->assign(*result); }});
  phases.push_back({"profile", [run, result] { return run->profile(*result); }});
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
