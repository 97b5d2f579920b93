// clv.feature/1: numbers about customers that a plugin computes.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "plugin_host.hpp"

namespace clv::abi {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();  // a sink takes no NaN

// What set writes to: one vector of numbers per feature.
struct feature_desk {
  const std::vector<std::string>& names;
  std::int64_t rows;
  std::vector<std::vector<double>> values;
  refusals refused{"values"};
};

std::vector<double>& column_of(feature_desk& desk, const char* feature) {
  required(feature, "feature");
  for (std::size_t i = 0; i < desk.names.size(); ++i) {
    if (desk.names[i] == feature) return desk.values[i];
  }
  throw error(status::invalid,
              "feature '" + printable({feature, ::strnlen(feature, 64)}, 64) +
                  "' is not declared in its manifest, which has: " + join_list(desk.names));
}

void keep_value(feature_desk& desk, std::int64_t row, const char* feature, double value) {
  check_row(row, desk.rows);
  std::vector<double>& to = column_of(desk, feature);
  if (!std::isfinite(value)) {
    throw error(issue{.code = status::invalid,
                      .row = row,
                      .message = "feature '" + std::string(feature) + "' is " + number_text(value) +
                                 "; it must be finite"});
  }
  to[static_cast<std::size_t>(row)] = value;
}

clv_status CLV_CALL on_set(void* ctx, std::int64_t row, const char* feature, double value) {
  auto& desk = *static_cast<feature_desk*>(ctx);
  return desk.refused.around([&] { keep_value(desk, row, feature, value); });
}

}  // namespace

void plugin::make(
    const table& customers, std::size_t first, std::size_t last, table& made, issues& notes) {
  const block rows{customers, first, last};
  const std::vector<std::string>& names = setup_.says.features;
  feature_desk desk{.names = names,
                    .rows = rows.rows(),
                    .values = {names.size(), std::vector<double>(last - first, no_value)}};
  const clv_feature_sink sink{.struct_size = static_cast<std::uint32_t>(sizeof(clv_feature_sink)),
                              .spare = 0,
                              .ctx = &desk,
                              .set = on_set};
  const auto failed = ask(rows,
                          {.function = "compute",
                           .remedy = "its features are absent in this run; the others go on",
                           .reads = reads_of_compute_,
                           .refused = desk.refused,
                           .run =
                               [&](const clv_batch* in) {
                                 return setup_.offers.feature->compute(instance_, in, &sink);
                               }},
                          notes);
  if (failed) return notes.push_back(*failed);
  if (interrupted_) throw error(status::cancelled, "the job was cancelled");
  for (std::size_t i = 0; i < names.size(); ++i) {
    column& to = made.columns()[i];
    for (const double value : desk.values[i]) std::isnan(value) ? to.push_absent() : to.push(value);
  }
}

}  // namespace clv::abi
