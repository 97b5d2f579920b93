// template_cpp.cpp - a plugin that puts customers into segments, to be made another: change the
// strings and segment(). As it is, it tells who is there from who may have left and who has.
// clv_plugin.hpp explains every word.
#include "clv_plugin.hpp"

namespace {

struct template_cpp {
  struct settings {
    double there_above = .8, gone_below = .3;
  };
  static constexpr clv::plugin::setting<settings> knobs[] = {
      {"there_above", &settings::there_above, 0, 1, "'there' above this p_alive"},
      {"gone_below", &settings::gone_below, 0, 1, "'gone' below this p_alive"}};
  static constexpr clv::plugin::about about{
      "clv.template_cpp",
      "Template in C++",
      "1.0.0",
      "libclv",
      "Apache-2.0",
      "Tells who is there from who may have left and who has."};
  static constexpr const char* reads[] = {"p_alive"};  // columns is to read no others
  static constexpr const char* segments[] = {"there", "doubtful", "gone"};
  struct columns {
    const clv_batch& in;
    clv::plugin::numbers p_alive{in, "p_alive"};
  };
  settings set;

  const char* segment(const columns& of, std::int64_t row) const {
    const double p_alive = of.p_alive[row];
    if (!(p_alive >= 0 && p_alive <= 1)) return nullptr;  // in none: absent, or no probability
    if (p_alive > set.there_above) return "there";
    return p_alive < set.gone_below ? "gone" : "doubtful";
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(template_cpp)
