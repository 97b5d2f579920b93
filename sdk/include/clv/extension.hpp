// What a plugin may be to the core beside a proposer (clv/decide.hpp): a maker of features, which
// proposers and segmenters read as columns, and a segmenter.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clv/job.hpp"
#include "clv/table.hpp"

namespace clv {

// Rationale: columns are made before anything reads them, for all rows, and not block by block
// while proposers are asked. What a maker that fails in its last row had made by then would
// otherwise depend on the size of the blocks.
class feature_maker {
 public:
  virtual ~feature_maker() = default;
  virtual std::string_view id() const = 0;
  // Names of the columns it makes, "feature.gap". No two makers of a run share one.
  virtual std::span<const std::string> features() const = 0;
  // Appends rows [first, last) of `customers` to the f64 columns of `made`, which are those of
  // features() in that order; rows it leaves out at the end are absent. Failures are notes with
  // code status::plugin: its columns are then absent in every row, and it is not asked again in
  // this run. Throws error{cancelled} alone, which ends the run.
  virtual void make(
      const table& customers, std::size_t first, std::size_t last, table& made, issues& notes) = 0;
};

// Main table: customer (where `customers` has it) and one column per feature, row for row. Makers
// must outlive the job.
job make_features(std::shared_ptr<const table> customers, std::vector<feature_maker*> makers);

class segmenter {
 public:
  virtual ~segmenter() = default;
  virtual std::string_view id() const = 0;
  virtual std::string settings() const = 0;  // a JSON object
  // The columns its segments rest on, a comma list.
  virtual std::string reads() const = 0;
  // Appends the segments of rows [first, last) of `customers`, absent for one that is in none.
  // Throws error{plugin}: there are no segments without it.
  virtual void assign(const table& customers,
                      std::size_t first,
                      std::size_t last,
                      column& segment,
                      issues& notes) = 0;
};

// The scheme of segments by that segmenter: "plugin:clv.lifecycle".
std::string scheme_of(const segmenter& by);

// As segment() of clv/segment.hpp: tables "", "profile", and "rule" with the segmenter's settings.
// A customer may be in no segment. `makers` make the features it reads. `by` must outlive the job.
job segment(std::shared_ptr<const table> customers,
            segmenter& by,
            std::vector<feature_maker*> makers = {});

}  // namespace clv
