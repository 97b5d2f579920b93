// What is known of one customer, under all their addresses, without what must not be seen. [any]
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "desk/care/answers.hpp"
#include "desk/care/follow_ups.hpp"
#include "desk/desk_view.hpp"

namespace clv::desk {

// Options of the card besides desk and as_of.
struct card_options {
  std::string customer, ticket;
  bool money = false;                    // exact amounts may be shown
  std::vector<std::string> show;         // names of attributes, with "attr."
  std::set<std::string> protected_ones;  // plain: lower case, without "attr.", '_', '-' and blanks
};
// Throws error{invalid} for neither key and for an attribute that is shown and protected.
card_options read_card_options(const settings& given);

// A ticket of the customer with its clocks.
struct card_ticket {
  const ticket* what = nullptr;
  clock_view clocks;
};

class card_source {
 public:
  // Throws error{not_found} for a ticket that no event tells of, error{invalid} for a ticket of
  // somebody else.
  card_source(const report_inputs& in, const settings& given, card_options options);

  const card_options& options() const { return options_; }
  const desk_view& view() const { return view_; }
  const std::string& customer() const { return customer_; }
  const std::vector<card_ticket>& tickets() const {
    return tickets_;
  }                                                                // all, those asked for first
  const std::vector<answer>& answers() const { return answers_; }  // in the order of time
  const std::vector<follow_up>& follow_ups() const { return follow_ups_; }  // not settled
  bool complains() const;  // an open complaint, or a last answer that is one
  bool has_open_ticket() const;
  bool known() const;  // some table has a row of them

  // A column that may be seen: nullptr when the table or the column is not there, or is protected.
  const column* find(std::string_view table, std::string_view name) const;
  const table* find(std::string_view table) const;
  // The rows of a table that are of this customer; none of a table that was not given.
  const std::vector<std::size_t>& rows_of(std::string_view table) const;
  // Of those rows the last value that is there.
  std::string text(std::string_view table, std::string_view name) const;
  std::optional<double> number(std::string_view table, std::string_view name) const;

 private:
  void find_customer();
  void find_rows(const table& rows, std::vector<std::size_t>& found) const;
  void read_tickets_of();
  void read_promises(const report_inputs& in);

  report_inputs in_;
  card_options options_;
  desk_view view_;
  std::string customer_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> rows_;
  std::vector<card_ticket> tickets_;
  std::vector<answer> answers_;
  std::vector<follow_up> follow_ups_;
};

}  // namespace clv::desk
