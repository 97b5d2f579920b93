// What export and forget of one customer share.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core.hpp"
#include "store/fact_reader.hpp"

namespace clv::detail {

// Throws error{not_found} for a customer that nothing is known of.
store::one_customer find_customer(core& c, std::string ext_id);

// The main table of both: name and rows of each table that has something of the customer.
class personal_counts {
 public:
  personal_counts() {
    counts_->add("name", type::utf8);
    counts_->add("rows", type::i64);
  }
  void add(std::string_view name, std::int64_t rows) {
    counts_->find("name")->push(name);
    counts_->find("rows")->push(rows);
  }
  std::shared_ptr<const table> sealed() {
    counts_->seal("one customer");
    return counts_;
  }

 private:
  std::shared_ptr<table> counts_ = std::make_shared<table>();
};

}  // namespace clv::detail
