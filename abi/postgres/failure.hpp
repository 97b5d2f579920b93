// What went wrong, on its way to the C function that answers it.
#pragma once

#include <libpq-fe.h>

#include <string>
#include <string_view>

#include "clv_base.h"

namespace clv::postgres {

struct failure {
  clv_status code;
  std::string message;
};

// What a SQLSTATE means to libclv.
clv_status status_of(std::string_view sqlstate);

// The failure that a result tells; `doing` says what was tried.
failure failure_of(const PGresult* result, const std::string& doing);
// The connection's own words, without the line end.
std::string words_of(const PGconn* connection);

}  // namespace clv::postgres
