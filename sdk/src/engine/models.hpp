// Models of a store by number and alias.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "clv/fit.hpp"
#include "clv/table.hpp"

namespace clv::store {
class connection;
}

namespace clv::detail {

struct core;

// A model that the store keeps, and the number it is kept under.
struct numbered_model {
  std::int64_t number = 0;
  std::shared_ptr<const fitted_model> model;
};
// `name`: a number, an alias, or "" for the latest that is not retired. Throws error{not_found},
// and error{state} when there is none yet.
numbered_model named_model(core& c, std::string_view name);
// As named_model; error{state} for a retired one, which nothing is scored with.
numbered_model model_to_score_with(core& c, std::string_view name);
// The model that a run made or used. Throws error{corrupt} when it is not there.
numbered_model model_of_run(core& c, std::int64_t run);
// The model of the run that wrote a stored table: of "scores" the one they were made with, of
// "summary" the one that was fitted to it or asked for it. The latest when the table is not stored.
numbered_model model_of_table(core& c, std::string_view table);

// Inside the caller's transaction: the model under the next number, as what `run` made.
// created_us: 0 = not known.
std::int64_t keep_model(store::connection& db,
                        std::int64_t run,
                        const fitted_model& m,
                        std::int64_t created_us);

// A model of two parts is as healthy as the worse one; what was given and not fitted is usable.
struct model_health {
  fit_status status = fit_status::given;
  bool usable = true;
  std::string reason;
  std::optional<double> customers, log_likelihood;  // of all its parts; nullopt: not fitted
};
model_health health_of(const fitted_model& m);

// Tables "models" and "aliases".
std::shared_ptr<const table> list_models(core& c);
std::shared_ptr<const table> list_aliases(core& c);

}  // namespace clv::detail
