#include "calls/errors.hpp"
#include "calls/methods.hpp"

namespace clvd {
namespace {

const char* name_of(scope s) {
  switch (s) {
    case scope::ingest:
      return "ingest";
    case scope::read:
      return "read";
    case scope::score:
      return "score";
    case scope::fit:
      return "fit";
    case scope::decide:
      return "decide";
    case scope::desk:
      return "desk";
    case scope::admin:
      return "admin";
    case scope::none:
      break;
  }
  return "none";
}

}  // namespace

void check_scope(const method& m, const caller& who) {
  if (who.may(m.needs)) return;
  call_error error(grpc::StatusCode::PERMISSION_DENIED,
                   "SCOPE_MISSING",
                   std::string("this call needs the scope '") + name_of(m.needs) + "'");
  error.metadata["scope"] = name_of(m.needs);
  throw error;
}

}  // namespace clvd
