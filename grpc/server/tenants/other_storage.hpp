// Stores that are not SQLite files: the driver library that keeps them (clv_storage.h), and which
// place it gives each tenant.
#pragma once

#include <string>

#include "clv_storage.h"

namespace clvd {

class other_storage {
 public:
  // `library`: file or name of libclv_NAME.so, which exports clv_storage_NAME(); it stays loaded.
  // `place_file`: what the driver opens, with {tenant} in it; only its owner may read it. Throws
  // start_error.
  other_storage(const std::string& library, const std::string& place_file);

  const clv_storage* table() const { return table_; }
  // What the driver opens for a tenant. May hold a password: never to be told or logged.
  std::string place_of(const std::string& tenant) const;

 private:
  const clv_storage* table_;
  std::string place_;
};

// NAME of .../libclv_NAME.so, with or without a version behind it. Throws start_error.
std::string driver_name(const std::string& library);

}  // namespace clvd
