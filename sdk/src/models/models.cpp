#include "models/models.hpp"

#include <array>
#include <string>

#include "clv/error.hpp"

namespace clv {
namespace {

constexpr std::array<const model*, 2> rows{&bg_nbd, &gamma_gamma};

}  // namespace

std::span<const model* const> models() {
  return rows;
}

const model& find_model(std::string_view name) {
  std::string names;
  for (const model* m : rows) {
    if (m->name == name) return *m;
    names += (names.empty() ? "" : ", ") + std::string(m->name);
  }
  throw error(status::not_found,
              "there is no model named '" + std::string(name) + "'",
              "use one of: " + names);
}

}  // namespace clv
