#include "failure.hpp"

#include <algorithm>
#include <array>

namespace clv::postgres {
namespace {

// The longest prefix counts: two characters are a class of PostgreSQL's appendix A, five a code.
struct meaning {
  std::string_view state;
  clv_status code;
};
constexpr std::array meanings{
    meaning{"08", CLV_E_IO},       // the connection
    meaning{"57P", CLV_E_IO},      // the server stops, starts or was told to hang up
    meaning{"28", CLV_E_IO},       // not let in
    meaning{"3D", CLV_E_IO},       // no such database
    meaning{"53300", CLV_E_IO},    // too many connections
    meaning{"58", CLV_E_IO},       // the system under it
    meaning{"25006", CLV_E_IO},    // a read-only server
    meaning{"42501", CLV_E_IO},    // no permission
    meaning{"53100", CLV_E_FULL},  // the disk
    meaning{"53200", CLV_E_NO_MEMORY},
    meaning{"40", CLV_E_BUSY},     // serialisation, deadlock
    meaning{"55P03", CLV_E_BUSY},  // a lock was not given in time
    meaning{"57014", CLV_E_BUSY},  // cancelled: statement_timeout
    meaning{"54", CLV_E_LIMIT},
    meaning{"22021", CLV_E_DATA},  // not UTF-8
    meaning{"22P05", CLV_E_DATA},
    meaning{"XX001", CLV_E_CORRUPT},
    meaning{"XX002", CLV_E_CORRUPT},
    // libclv's statements never break a key and name no table that is not there: tables that say
    // so were changed by somebody else.
    meaning{"23505", CLV_E_CORRUPT},
    meaning{"23503", CLV_E_CORRUPT},
    meaning{"42P01", CLV_E_CORRUPT},
    meaning{"42703", CLV_E_CORRUPT},
};

std::string trimmed(const char* text) {
  std::string out = text == nullptr ? "" : text;
  std::erase(out, '\t');
  std::ranges::replace(out, '\n', ' ');
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string field_of(const PGresult* result, int code) {
  return trimmed(PQresultErrorField(result, code));
}

}  // namespace

clv_status status_of(std::string_view sqlstate) {
  for (const meaning& m : meanings) {
    if (sqlstate.substr(0, m.state.size()) == m.state) return m.code;
  }
  return CLV_E_INTERNAL;
}

std::string words_of(const PGconn* connection) {
  return trimmed(PQerrorMessage(connection));
}

failure failure_of(const PGresult* result, const std::string& doing) {
  const std::string state = field_of(result, PG_DIAG_SQLSTATE);
  const std::string primary = field_of(result, PG_DIAG_MESSAGE_PRIMARY);
  if (primary.empty()) {  // libpq's own, which has no SQLSTATE: the connection
    return {CLV_E_IO, doing + ": " + trimmed(PQresultErrorMessage(result))};
  }
  // The detail may show values of a row, which belong in no log.
  return {status_of(state), doing + ": " + primary + " (SQLSTATE " + state + ")"};
}

}  // namespace clv::postgres
