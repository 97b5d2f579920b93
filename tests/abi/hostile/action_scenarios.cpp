// Plugins, proposals, decisions.
#include "scenario.hpp"

namespace clv_hostile {
namespace {

constexpr auto no = needs_memory::no;
constexpr auto yes = needs_memory::yes;

std::vector<scenario> plugin_scenarios() {
  return {
      {"clv_plugins_new",
       yes,
       [](inputs&) {
         return [](inputs&, outputs& out, clv_diag* diag) {
           return clv_plugins_new(&out.v.plugins, diag);
         };
       }},
      {"clv_plugins_load",
       yes,
       [](inputs&) {
         return [](inputs& in, outputs&, clv_diag* diag) {
           clv_plugins* made = nullptr;
           const clv_status status = clv_plugins_new(&made, diag);
           if (status < 0) return status;
           const plugins_ptr plugins(made);
           return clv_plugins_load(made, &in.plugin, CLV_TEST_PLUGINS "/good.so", diag);
         };
       }},
      {"clv_plugin_describe",
       yes,
       [](inputs&) {
         return [](inputs& in, outputs& out, clv_diag* diag) {
           return clv_plugin_describe(&in.run, CLV_TEST_PLUGINS "/good.so", &out.v.result, diag);
         };
       }},
      {"clv_plugins_list",
       yes,
       [](inputs&) {
         return [plugins = good_plugin()](inputs&, outputs& out, clv_diag* diag) {
           return clv_plugins_list(plugins.get(), &out.v.result, diag);
         };
       }},
      {"clv_plugins_take_log",
       yes,
       [](inputs&) {
         return [plugins = plugin_of("logs_rows")](inputs&, outputs& out, clv_diag* diag) {
           return clv_plugins_take_log(plugins.get(), &out.v.result, diag);
         };
       }},
      {"clv_plugins_renew",
       yes,
       [](inputs&) {
         return [plugins = good_plugin()](inputs&, outputs&, clv_diag* diag) {
           return clv_plugins_renew(plugins.get(), 5, 7, diag);
         };
       }},
      {"clv_plugins_free",
       no,
       [](inputs&) {
         return [plugins = good_plugin()](inputs&, outputs&, clv_diag*) mutable {
           plugins.reset();
           return CLV_OK;
         };
       }},
  };
}

scenario propose() {
  return {
      "clv_propose_begin", yes, [](inputs& in) {
        in.first = batch_of(small_market().scores);
        return whole_job([plugins = good_plugin()](inputs& with, clv_job** job, clv_diag* diag) {
          return clv_propose_begin(plugins.get(), &with.run, &with.first, job, diag);
        });
      }};
}

scenario features() {
  return {"clv_features_begin", yes, [](inputs& in) {
            in.first = batch_of(small_market().scores);
            return whole_job(
                [plugins = plugin_of("all_three")](inputs& with, clv_job** job, clv_diag* diag) {
                  return clv_features_begin(plugins.get(), &with.run, &with.first, job, diag);
                });
          }};
}

scenario segments() {
  return {"clv_plugins_segment_begin", yes, [](inputs& in) {
            in.first = batch_of(small_market().scores);
            return whole_job(
                [plugins = plugin_of("all_three")](inputs& with, clv_job** job, clv_diag* diag) {
                  return clv_plugins_segment_begin(
                      plugins.get(), nullptr, "org.example.all_three", &with.first, job, diag);
                });
          }};
}

scenario decide() {
  return {"clv_decide_begin", yes, [](inputs& in) {
            in.first = batch_of(small_market().scores);
            in.second = batch_of(small_market().proposals);
            return whole_job([](inputs& with, clv_job** job, clv_diag* diag) {
              const clv_model* model = small_market().model.get();
              return clv_decide_begin(&with.decide, model, &with.first, &with.second, job, diag);
            });
          }};
}

scenario replay() {
  return {"clv_replay_begin", yes, [](inputs& in) {
            in.first = batch_of(small_market().decisions);
            return whole_job([](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_replay_begin(nullptr, &with.first, job, diag);
            });
          }};
}

}  // namespace

std::vector<scenario> action_scenarios() {
  std::vector<scenario> all = plugin_scenarios();
  all.insert(all.end(), {propose(), features(), segments(), decide(), replay()});
  return all;
}

}  // namespace clv_hostile
