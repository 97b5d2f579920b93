// Certificates for a test, made with OpenSSL while it runs.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

namespace clv::test {

struct pem_pair {
  std::string certificate, key;
};

struct subject {
  std::string common_name = "server";
  std::string host = "localhost";  // subject alternative name, "" = none
  long begins = -3600;             // seconds from now
  long ends = 3600;
};

class certificate_authority {
 public:
  explicit certificate_authority(const std::string& name);
  ~certificate_authority();
  certificate_authority(const certificate_authority&) = delete;
  certificate_authority& operator=(const certificate_authority&) = delete;

  const std::string& certificate() const { return pem_; }
  pem_pair issue(const subject& to) const;

 private:
  struct pair;
  std::unique_ptr<pair> own_;
  std::string pem_;
};

// Text with mode 0600.
void write_secret(const std::string& path, const std::string& text);

}  // namespace clv::test
