// template_cpp.cpp - a plugin that proposes, to be made another: change the strings and propose().
// As it is, it thanks customers who are certainly there. clv_plugin.hpp explains every word.
#include "clv_plugin.hpp"

namespace {

struct template_cpp {
  struct settings {
    double alive_above = .95, email_cost_minor = 1;
  };
  static constexpr clv::plugin::setting<settings> knobs[] = {
      {"alive_above", &settings::alive_above, 0, 1, "thank from this p_alive on"},
      {"email_cost_minor", &settings::email_cost_minor, 0, 1e12, "cost of one e-mail"}};
  static constexpr clv::plugin::about about{"clv.template_cpp",
                                            "Template in C++",
                                            "1.0.0",
                                            "libclv",
                                            "Apache-2.0",
                                            "Thanks customers who are certainly there."};
  static constexpr const char* reads[] = {"p_alive", "clv"};  // columns is to read no others
  static constexpr const char* actions[] = {"template_cpp.thanks"};
  struct columns {
    const clv_batch& in;
    clv::plugin::numbers p_alive{in, "p_alive"};
    clv::plugin::amounts clv{in, "clv"};
  };
  settings set;

  void propose(const columns& of, std::int64_t row, clv::plugin::outbox& out) const {
    if (!(of.p_alive[row] >= set.alive_above)) return;  // so that absent is left alone, too
    clv::plugin::proposal p(row, "template_cpp.thanks", "email");
    p.reason << "Is certainly a customer";
    if (of.clv[row] >= 0) p.reason << ", expected to bring " << of.clv.money(row);
    p.reason << ": say thank you.";
    p.effect(.002, .002).costs(set.email_cost_minor);  // an opinion: effect_n is 0
    out.emit(p);
  }
};

}  // namespace

CLV_PLUGIN_ENTRY(template_cpp)
