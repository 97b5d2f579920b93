// What export and forget of one customer share.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core.hpp"
#include "store/fact_reader.hpp"
#include "store/linked_identities.hpp"
#include "store/personal_tables.hpp"

namespace clv::detail {

// The customer and the identities linked to it. Throws error{not_found} for a customer that nothing
// is known of.
std::vector<store::one_customer> find_customer(core& c, std::string ext_id);

// The main table of both: name and rows of each table that has something of the customer.
class personal_counts {
 public:
  personal_counts() {
    counts_->add("name", type::utf8);
    counts_->add("rows", type::i64);
  }
  void add(std::string_view name, std::int64_t rows) { rows_[name] += rows; }
  std::int64_t total() const {
    std::int64_t sum = 0;
    for (const auto& [name, rows] : rows_) sum += rows;
    return sum;
  }
  // In the order of personal_tables(), those without rows left out.
  std::shared_ptr<const table> sealed() {
    for (const store::personal_table& t : store::personal_tables()) {
      const auto found = rows_.find(t.name);
      if (found == rows_.end() || found->second == 0) continue;
      counts_->find("name")->push(t.name);
      counts_->find("rows")->push(found->second);
    }
    counts_->seal("one customer");
    return counts_;
  }

 private:
  std::map<std::string_view, std::int64_t> rows_;
  std::shared_ptr<table> counts_ = std::make_shared<table>();
};

}  // namespace clv::detail
