#include "models/models.hpp"

#include <array>
#include <string>

#include "clv/error.hpp"

namespace clv {
namespace {

constexpr std::array rows{
    &nbd,          // one row a line
    &bg_nbd,       //
    &mbg_nbd,      //
    &bg_cnbd_k,    //
    &mbg_cnbd_k,   //
    &pareto_nbd,   //
    &gg_nbd,       //
    &bg_bb,        //
    &sbg,          //
    &bdw,          //
    &gamma_gamma,  //
};

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
