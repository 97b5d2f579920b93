// The tables of facts that a host records in a store, by the names of their schemas.
#pragma once

#include <array>
#include <string_view>

namespace cli {

// Of a customer, an agent and of evidence the last row counts, of the others every one.
inline constexpr std::array<std::string_view, 15> fact_tables{"customers",
                                                              "consent",
                                                              "contacts",
                                                              "outcomes",
                                                              "evidence",
                                                              "touches",
                                                              "feedback",
                                                              "costs",
                                                              "referrals",
                                                              "ledger",
                                                              "ticket_events",
                                                              "identities",
                                                              "agents",
                                                              "clock_events",
                                                              "follow_ups"};

}  // namespace cli
