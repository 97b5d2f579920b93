// The rows of the table in segments.cpp.
#pragma once

#include "clv/segment.hpp"

namespace clv {

extern const segmentation rfm;
extern const segmentation value_tier;

}  // namespace clv
