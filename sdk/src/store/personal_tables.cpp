#include "store/personal_tables.hpp"

#include <array>

namespace clv::store {
namespace {

constexpr std::array personal{
    personal_table{"identity", "customer", personal_kind::identity},
    personal_table{"transactions", "txn,event", personal_kind::log},
    personal_table{"customers", "customers,attribute", personal_kind::facts},
    personal_table{"consent", "consent", personal_kind::facts},
    personal_table{"contacts", "contacts", personal_kind::facts},
    personal_table{"outcomes", "outcomes", personal_kind::facts},
    personal_table{"evidence", "evidence", personal_kind::facts},
    personal_table{"touches", "touches", personal_kind::facts},
    personal_table{"feedback", "feedback", personal_kind::facts},
    personal_table{"costs", "costs", personal_kind::facts},
    personal_table{"referrals", "referrals", personal_kind::facts},
    personal_table{"ledger", "ledger", personal_kind::facts},
    personal_table{"ticket_events", "ticket_events", personal_kind::facts},
    personal_table{"identities", "identities", personal_kind::facts},
    personal_table{"clock_events", "clock_events", personal_kind::facts},
    personal_table{"follow_ups", "follow_ups", personal_kind::facts},
    personal_table{"summary", "summary", personal_kind::derived},
    personal_table{"scores", "scores", personal_kind::derived},
    personal_table{"segments", "segments", personal_kind::derived},
    personal_table{"proposals", "proposals", personal_kind::derived},
    personal_table{"decisions", "decisions", personal_kind::derived},
    personal_table{"refusals", "refusals", personal_kind::derived},
    personal_table{"decision_log", "decision_log", personal_kind::facts},
};

// Counts and sums over everyone, parameters, options, names of columns, the staff; erased holds
// salted hashes; keys of requests are their senders'; of kept answers forget takes those out that
// hold a customer, and export leaves them out: they say again what the other tables do.
constexpr std::array<std::string_view, 22> impersonal{
    "schema_migration", "source",        "log_state",     "fact_state",     "run",
    "stored_table",     "stored_column", "negative_zero", "model",          "model_alias",
    "request_log",      "kept_answer",   "stream_cursor", "store_identity", "attribute_column",
    "agents",           "decide_run",    "erased",        "erasure",        "parameters",
    "budget",           "resources"};

}  // namespace

std::span<const personal_table> personal_tables() {
  return personal;
}

std::span<const std::string_view> impersonal_tables() {
  return impersonal;
}

}  // namespace clv::store
