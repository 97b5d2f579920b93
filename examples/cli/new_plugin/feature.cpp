// template_cpp.cpp - a plugin that computes a feature, to be made another: change the strings and
// compute(). As it is, it says how long a customer has been silent, counted in the customer's own
// time between two purchases. clv_plugin.hpp explains every word.
#include "clv_plugin.hpp"

namespace {

struct template_cpp {
  struct settings {
    double least_purchases = 1;
  };
  static constexpr clv::plugin::setting<settings> knobs[] = {
      {"least_purchases",
       &settings::least_purchases,
       1,
       1e6,
       "repeat purchases that make a rhythm"}};
  static constexpr clv::plugin::about about{
      "clv.template_cpp",
      "Template in C++",
      "1.0.0",
      "libclv",
      "Apache-2.0",
      "Says how many of its own intervals a customer has been silent."};
  static constexpr const char* reads[] = {"x", "t_x", "T"};  // columns is to read no others
  static constexpr const char* features[] = {"silence"};
  struct columns {
    const clv_batch& in;
    clv::plugin::numbers x{in, "x"}, t_x{in, "t_x"}, age{in, "T"};
  };
  settings set;

  // Written so that absent is left alone, too.
  void compute(const columns& of, std::int64_t row, clv::plugin::feature_values& out) const {
    const double silence = of.age[row] - of.t_x[row], rhythm = of.t_x[row] / of.x[row];
    if (!(of.x[row] >= set.least_purchases && rhythm > 0 && silence >= 0)) return;
    out.set(row, "silence", silence / rhythm);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(template_cpp)
