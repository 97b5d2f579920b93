// What a shop's CRM would say of a simulated customer on the last day: table "customers", computed
// from the same orders, tickets and answers that the log has. [any]
#pragma once

#include <string>
#include <vector>

#include "data/report_tables.hpp"
#include "market/habits.hpp"
#include "market/person.hpp"

namespace clv::market {

std::vector<column_spec> fact_specs(const std::string& currency);
void write_facts(const world& w,
                 const std::string& id,
                 double minor_per_major,
                 const person& who,
                 const habits& h,
                 report_writer& rows);

}  // namespace clv::market
