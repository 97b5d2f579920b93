// Models under their numbers, and the aliases that name them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite.hpp"

namespace clv::store {

// A model as the JSON text of save_model. All are kept, for the receipts they made.
struct new_model {
  std::string_view name;  // "bg_nbd+gamma_gamma"
  std::string_view data_fingerprint;
  std::string_view json;
  std::int64_t created_us = 0;  // 0: not known
};
struct kept_model {
  std::int64_t number = 0;
  std::string json;
  std::int64_t created_us = 0;
  bool retired = false;
};

// All that write want the caller's transaction around them.
//
// Keeps the model under the next number, which it returns, as the one that `run` made.
std::int64_t add_model(connection& db, std::int64_t run, const new_model& m);
std::optional<kept_model> find_model(connection& db, std::int64_t number);
// The highest number that is not retired; nullopt when there is none.
std::optional<std::int64_t> latest_model(connection& db);
std::vector<std::int64_t> model_numbers(connection& db);  // ascending
void retire_model(connection& db, std::int64_t number);

// The model that a run made or used; nullopt: none is known.
std::optional<std::int64_t> model_of_run(connection& db, std::int64_t run);
void set_model_of_run(connection& db, std::int64_t run, std::int64_t number);
// The run that wrote a stored table; nullopt: it is not stored.
std::optional<std::int64_t> run_of_table(connection& db, std::string_view name);

struct model_alias {
  std::string alias;
  std::int64_t model = 0;
  std::int64_t etag = 0;  // counts how often the alias was set; 0: it does not exist
  std::optional<std::int64_t> previous;
  std::int64_t set_us = 0;  // 0: not known
};
std::optional<model_alias> find_alias(connection& db, std::string_view alias);
std::vector<model_alias> model_aliases(connection& db);  // by name
void put_alias(connection& db, const model_alias& a);    // adds it or takes its place

}  // namespace clv::store
