// The files that clv new-plugin writes, before names are put in. Sources are those of
// plugins/template and plugins/template_cpp and of this folder.
#pragma once

#include <string_view>

namespace cli {

extern const std::string_view action_in_c, action_in_cpp;
extern const std::string_view feature_in_c, feature_in_cpp;
extern const std::string_view segmentation_in_c, segmentation_in_cpp;
extern const std::string_view template_cmake, template_presets, template_readme;

}  // namespace cli
