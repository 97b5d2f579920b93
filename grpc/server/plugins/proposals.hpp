// The one funnel of proposals: what any home brings is checked row by row against the rules of
// clv_plugin.h, and becomes one table of schema "proposals" for clv_decide_options.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clv.h"
#include "plugins/home.hpp"
#include "tables.hpp"

namespace clvd::plugins {

constexpr std::size_t proposal_columns = 28;

// A table that somebody says is one of proposals, column by column; looked up once.
class proposal_part {
 public:
  // `customers`: rows of the batch the plugin was given. Borrows both.
  proposal_part(const clv_batch& part, const description& by, std::int64_t customers);
  // What breaks a rule in a row, or nothing.
  std::optional<std::string> broken_rule(std::int64_t row) const;
  const clv_column* column(std::size_t i) const { return columns_[i]; }  // nullptr: not there
  std::int64_t rows() const { return rows_; }
  const description& by() const { return by_; }

 private:
  std::array<const clv_column*, proposal_columns> columns_{};
  const std::int64_t rows_;
  const description& by_;
  const std::int64_t customers_;
};

class proposal_table {
 public:
  // `candidates`: the columns the proposals are about; must outlive this object.
  explicit proposal_table(const clv_batch& candidates);

  // All rows of `part`, or none: throws plugin_failure{failed}. Customer, plugin and reads are
  // filled in here: nobody else is believed about them.
  void add(const clv_batch& part, const description& by);
  // Valid until the next add.
  const clv_batch& batch() { return made_.batch(); }
  std::int64_t rows() const { return static_cast<std::int64_t>(made_.rows()); }

 private:
  const clv_batch& candidates_;
  clv::worker::owned_table made_;
};

}  // namespace clvd::plugins
