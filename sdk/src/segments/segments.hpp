// The rows of the table in segments.cpp.
#pragma once

#include "clv/segment.hpp"

namespace clv {

extern const segmentation gaussian_mixture;
extern const segmentation k_means_clusters;
extern const segmentation rfm;
extern const segmentation rule_segments;
extern const segmentation value_tier;

}  // namespace clv
