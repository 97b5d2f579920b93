// lifecycle: where a customer stands, in the words a CRM's own lists use.
#include "clv_plugin.hpp"

namespace {

using namespace clv::plugin;

struct lifecycle {
  struct settings {
    double new_days = 60, active_from = .6, lost_below = .2;
  };
  static constexpr setting<settings> knobs[] = {
      {"new_days", &settings::new_days, 1, 3650, "so long after the first purchase one is new"},
      {"active_from", &settings::active_from, 0, 1, "active from this p_alive on"},
      {"lost_below", &settings::lost_below, 0, 1, "lost below this p_alive"}};
  static constexpr clv::plugin::about about{
      "clv.lifecycle",
      "Lifecycle",
      "1.0.0",
      "libclv",
      "Apache-2.0",
      "Sorts customers into new, one-time, active, cooling and lost ones."};
  static constexpr const char* reads[] = {"x", "T", "p_alive"};
  static constexpr const char* segments[] = {"new", "one_time", "active", "cooling", "lost"};
  struct columns {
    const clv_batch& in;
    numbers x{in, "x"}, T{in, "T"}, p_alive{in, "p_alive"};
  };
  settings set;

  // Written so that what is not known puts a customer into no segment.
  const char* segment(const columns& of, std::int64_t row) const {
    const double x = of.x[row], p_alive = of.p_alive[row], age = of.T.days(row);
    if (!(x >= 0)) return nullptr;
    if (x < 1)
      return age >= 0 && age < set.new_days ? "new" : age >= set.new_days ? "one_time" : nullptr;
    if (!(p_alive >= 0 && p_alive <= 1)) return nullptr;
    if (p_alive >= set.active_from) return "active";
    return p_alive < set.lost_below ? "lost" : "cooling";
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(lifecycle)
