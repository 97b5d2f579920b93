#include "security/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <vector>

#include "config/start_error.hpp"

namespace clvd {
namespace {

template <auto Free>
struct freed_by {
  template <typename T>
  void operator()(T* p) const {
    Free(p);
  }
};
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;

start_error wrong(const std::string& text) {
  ERR_clear_error();
  return {usage, text};
}

bio_ptr reader(const std::string& text) {
  return bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// A passphrase would have to be typed: refused.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

std::vector<x509_ptr> certificates_of(const std::string& option, const std::string& text) {
  std::vector<x509_ptr> all;
  const bio_ptr in = reader(text);
  while (X509* one = PEM_read_bio_X509(in.get(), nullptr, no_passphrase, nullptr)) {
    all.emplace_back(one);
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (all.empty() || !at_end) throw wrong(option + ": this is no PEM certificate");
  ERR_clear_error();
  return all;
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) throw wrong("a certificate's date cannot be read");
  return timegm(&parts);
}

// Returns when the first of them ends.
std::int64_t check_dates(const std::string& option,
                         const std::vector<x509_ptr>& all,
                         std::int64_t now) {
  std::int64_t first_end = seconds_of(X509_get0_notAfter(all.front().get()));
  for (const x509_ptr& one : all) {
    const std::int64_t end = seconds_of(X509_get0_notAfter(one.get()));
    if (end <= now) throw wrong(option + ": the certificate has expired");
    if (seconds_of(X509_get0_notBefore(one.get())) > now) {
      throw wrong(option + ": the certificate is not valid yet");
    }
    first_end = std::min(first_end, end);
  }
  return first_end;
}

void check_key(const X509* certificate, const std::string& text) {
  const key_ptr key(PEM_read_bio_PrivateKey(reader(text).get(), nullptr, no_passphrase, nullptr));
  if (key == nullptr) throw wrong("--tls-key: this is no PEM private key without passphrase");
  if (X509_check_private_key(certificate, key.get()) != 1) {
    throw wrong("--tls-key: the key does not belong to the certificate of --tls-cert");
  }
}

void check_chain(const std::vector<x509_ptr>& chain) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (X509_verify(chain[i].get(), X509_get0_pubkey(chain[i + 1].get())) == 1) continue;
    throw wrong("--tls-cert: certificate " + std::to_string(i + 1) +
                " of the file is not signed by the next one");
  }
}

}  // namespace

std::int64_t check_certificates(const certificate_texts& texts, std::int64_t now) {
  const auto chain = certificates_of("--tls-cert", texts.certificate);
  check_key(chain.front().get(), texts.key);
  check_chain(chain);
  const std::int64_t end = check_dates("--tls-cert", chain, now);
  if (texts.client_ca.empty()) return end;
  // Their dates are not asked: one that has ended in a bundle of several vouches for nobody.
  for (const x509_ptr& one : certificates_of("--tls-client-ca", texts.client_ca)) {
    if (X509_check_ca(one.get()) > 0) continue;
    throw wrong("--tls-client-ca: this certificate may not sign others");
  }
  return end;
}

}  // namespace clvd
