// The rows of a batch as the store takes them: checked, with their currency settled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "clv/engine.hpp"
#include "store/transactions.hpp"

namespace clv::detail {

class incoming_rows {
 public:
  // Throws error{invalid}: a required column is missing or has another type, the source or the
  // currency of the options is not usable.
  // `first_row` is the place of its first row among all that are told of in messages.
  incoming_rows(std::shared_ptr<const table> transactions,
                const ingest_options& o,
                std::int64_t first_row = 0);

  std::size_t size() const { return customer_->size(); }
  const column& customers() const { return *customer_; }
  const std::string& fingerprint() const { return rows_->fingerprint(); }

  // Throws error{data} naming row, column and value: an empty cell, a customer or event id that is
  // too long or not UTF-8, a time out of range or in the future, an amount out of range, an unknown
  // currency or kind, a purchase of a negative amount.
  void check(std::size_t row);
  store::log_row at(std::size_t row) const;
  bool has_event(std::size_t row) const {
    return event_id_ != nullptr && !event_id_->text(row).empty();
  }
  std::string_view event_id(std::size_t row) const { return event_id_->text(row); }

 private:
  [[noreturn]] void fail(std::size_t row,
                         const column& c,
                         std::string problem,
                         std::string hint) const;
  void settle_default_currency(const ingest_options& o);
  void check_text(std::size_t row, const column& c, std::size_t longest) const;
  void check_time(std::size_t row) const;
  void check_money(std::size_t row);
  void check_kind(std::size_t row) const;

  std::shared_ptr<const table> rows_;
  const column* customer_;
  const column* time_;
  const column* amount_;
  const column* event_id_;  // nullptr: not given
  const column* currency_;
  const column* kind_;
  std::string default_currency_;
  std::string known_currency_;  // the last one looked up
  std::int64_t now_us_;
  std::int64_t first_row_;
};

}  // namespace clv::detail
