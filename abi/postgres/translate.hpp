// libclv's SQL (clv_storage.h) in PostgreSQL's words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clv::postgres {

struct translated {
  std::string sql;
  bool defines = false;   // CREATE, DROP, ALTER: what was prepared before may no longer fit
  bool has_any = false;   // names the type clv_any, which has to exist
  bool may_wait = false;  // SAVEPOINT: nothing depends on its answer
};

// The statements of a text, one by one, in their order; empty ones are left out.
std::vector<translated> translate(std::string_view text);

}  // namespace clv::postgres
