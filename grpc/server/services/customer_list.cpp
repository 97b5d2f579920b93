// CustomerService.ListCustomers: all customers whom the store knows, with what its stages say.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "calls/joined_rows.hpp"
#include "services/common.hpp"
#include "services/customers.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

using rows_read = std::shared_ptr<const cached_table>;

std::string_view id_at(const clv_result& known, std::int64_t row) {
  std::int64_t length = 0;
  const char* id = clv_result_text(&known, 0, row, &length);
  return {id, static_cast<std::size_t>(length)};
}

// The first customer after that id; ids come in order.
std::int64_t first_after(const clv_result& known, const std::string& id) {
  std::int64_t low = 0, high = clv_result_rows(&known);
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (id_at(known, middle) <= id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// The best word on a customer comes first: what plugins see, else the summary, else the facts.
std::vector<rows_read> stages_of(tenant& of) {
  std::vector<rows_read> stages;
  for (const char* name : {"candidates", "summary", "customers"}) {
    if (auto table = table_if_any(of, name)) stages.push_back(std::move(table));
  }
  return stages;
}

std::vector<std::string> columns_of(const v1::ListCustomersRequest& request,
                                    const std::vector<rows_read>& stages) {
  if (!request.columns().empty()) return {request.columns().begin(), request.columns().end()};
  std::vector<std::string> columns{"customer"};
  for (const char* name : {"clv", "p_alive", "segment"}) {
    const bool any = std::any_of(stages.begin(), stages.end(), [&](const rows_read& stage) {
      return clv_result_find(&stage->rows(), name) >= 0;
    });
    if (any) columns.emplace_back(name);
  }
  return columns;
}

picked_rows picked(const cached_table& stage,
                   const clv_result& known,
                   std::int64_t first,
                   std::int64_t count) {
  picked_rows p{stage.rows(), {}};
  p.rows.reserve(static_cast<std::size_t>(count));
  for (std::int64_t row = first; row < first + count; ++row) {
    p.rows.push_back(stage.row_of(id_at(known, row)));
  }
  return p;
}

picked_rows range(const clv_result& table, std::int64_t first, std::int64_t count) {
  picked_rows p{table, {}};
  for (std::int64_t row = first; row < first + count; ++row) p.rows.push_back(row);
  return p;
}

}  // namespace

void list_customers(services& with,
                    call& c,
                    const v1::ListCustomersRequest& request,
                    v1::ListCustomersResponse& response) {
  const std::int64_t size = page_rows(request.page().page_size());
  const std::string arguments =
      page_arguments(c, "ListCustomers", joined(request.columns(), "columns"));
  const std::string after = name_of_token(arguments, request.page().page_token());
  tenant& of = tenant_of(with, c);
  const auto table = of.table("known_customers");
  const clv_result& known = table->rows();
  const std::int64_t first = first_after(known, after);
  const std::int64_t count = std::min(size, table->size() - first);
  const std::vector<rows_read> stages = stages_of(of);
  std::vector<picked_rows> sides{range(known, first, count)};
  for (const rows_read& stage : stages) {
    sides.push_back(picked(*stage, known, first, count));
  }
  fill_joined(sides, count, columns_of(request, stages), *response.mutable_customers());
  if (first + count < table->size()) {
    const std::string last(id_at(known, first + count - 1));
    response.set_next_page_token(name_token(arguments, last));
  }
  response.set_total_rows(table->size());
}

}  // namespace clvd
