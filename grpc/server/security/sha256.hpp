// SHA-256 of bytes as they come. Nothing but libcrypto behind it, so that every room may use it.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

namespace clvd {

class sha256_hash {
 public:
  // Throws std::bad_alloc, std::runtime_error: libcrypto was built without it.
  sha256_hash() : context_(::EVP_MD_CTX_new()) {
    if (context_ == nullptr) throw std::bad_alloc();
    must(::EVP_DigestInit_ex(context_.get(), ::EVP_sha256(), nullptr));
  }

  sha256_hash& add(const void* data, std::size_t size) {
    must(::EVP_DigestUpdate(context_.get(), data, size));
    return *this;
  }
  sha256_hash& add(std::string_view text) { return add(text.data(), text.size()); }

  // 32 bytes. Once; nothing may be added after it.
  std::string bytes() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned size = 0;
    must(::EVP_DigestFinal_ex(context_.get(), raw.data(), &size));
    return {reinterpret_cast<const char*>(raw.data()), size};
  }
  // The same as 64 lower-case digits.
  std::string hex() {
    std::string text;
    for (const char c : bytes()) {
      const auto byte = static_cast<unsigned char>(c);
      text += "0123456789abcdef"[byte >> 4u];
      text += "0123456789abcdef"[byte & 15u];
    }
    return text;
  }

 private:
  struct free_context {
    void operator()(EVP_MD_CTX* c) const { ::EVP_MD_CTX_free(c); }
  };
  static void must(int done) {
    if (done != 1) throw std::runtime_error("libcrypto has no SHA-256");
  }

  std::unique_ptr<EVP_MD_CTX, free_context> context_;
};

}  // namespace clvd
