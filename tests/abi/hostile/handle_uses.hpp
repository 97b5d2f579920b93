// Each function with each handle that it takes: one call whose other arguments are good, so that
// what it says is about the handle. coverage_test.cpp compares the table with the headers.
#pragma once

#include <string>
#include <vector>

#include "scenario.hpp"

namespace clv_hostile {

struct handle_use {
  std::string function;
  std::string kind;  // "job", "engine", ...: the handle's type is clv_<kind>
  // A function without a status answers CLV_E_INVALID here when it gave what it gives for NULL.
  clv_status (*call)(void* handle, clv_diag* diag);
};

const std::vector<handle_use>& handle_uses();
bool has_status(const handle_use& use);  // its function returns a clv_status

// A living handle of a kind; freeing it is left to the test.
void* new_handle(const std::string& kind);
void free_handle(const std::string& kind, void* handle);
const std::vector<std::string>& handle_kinds();

}  // namespace clv_hostile
