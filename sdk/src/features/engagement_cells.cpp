#include "features/engagement_cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace clv::features {
namespace {

constexpr std::array<std::string_view, 4> names{
    "Loyalist", "Selective", "Window shopper", "Winback"};

void push_cut(column& c, double cut) {
  std::isfinite(cut) ? c.push(cut) : c.push_absent();
}

std::shared_ptr<table> profile_of(const std::vector<std::string_view>& cells, cell_cuts cuts) {
  auto t = std::make_shared<table>();
  column& cell = t->add("cell", type::utf8);
  column& customers = t->add("customers", type::i64);
  column& share = t->add("share", type::f64);
  column& purchase_cut = t->add("purchase_cut", type::f64);
  column& engagement_cut = t->add("engagement_cut", type::f64);
  for (const std::string_view name : names) {
    const auto n = std::count(cells.begin(), cells.end(), name);
    cell.push(name);
    customers.push(static_cast<std::int64_t>(n));
    share.push(cells.empty() ? 0.0 : static_cast<double>(n) / static_cast<double>(cells.size()));
    push_cut(purchase_cut, cuts.purchases);
    push_cut(engagement_cut, cuts.engagement);
  }
  return t;
}

}  // namespace

double default_cut(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !(v > 0); });
  if (values.empty()) return std::numeric_limits<double>::infinity();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string_view cell_of(bool many_purchases, bool high_engagement) {
  if (many_purchases) return high_engagement ? names[0] : names[1];
  return high_engagement ? names[2] : names[3];
}

placed place(const std::vector<double>& purchases,
             const std::vector<double>& engagement,
             cell_cuts cuts) {
  if (cuts.purchases == 0) cuts.purchases = default_cut(purchases);
  if (cuts.engagement == 0) cuts.engagement = default_cut(engagement);
  placed out;
  for (std::size_t i = 0; i < purchases.size(); ++i) {
    out.cells.push_back(cell_of(purchases[i] >= cuts.purchases, engagement[i] >= cuts.engagement));
  }
  out.profile = profile_of(out.cells, cuts);
  return out;
}

}  // namespace clv::features
