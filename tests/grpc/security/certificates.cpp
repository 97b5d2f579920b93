#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <fstream>
#include <stdexcept>

namespace clv::test {
namespace {

struct freeing {
  void operator()(X509* p) const { X509_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(BIO* p) const { BIO_free_all(p); }
};
template <typename T>
using owned = std::unique_ptr<T, freeing>;

void must(bool worked, const char* what) {
  if (!worked) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

template <typename Write>
std::string pem_of(Write write) {
  const owned<BIO> out(BIO_new(BIO_s_mem()));
  must(write(out.get()) == 1, "PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
  return pem_of([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string pem(EVP_PKEY* key) {
  return pem_of([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

void extend(X509* certificate, int what, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
  must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, "extension");
  X509_EXTENSION_free(extension);
}

void set_name(X509* certificate, const std::string& common_name) {
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate),
                             "CN",
                             MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()),
                             -1,
                             -1,
                             0);
}

owned<X509> unsigned_certificate(EVP_PKEY* key, const subject& to) {
  static long serial = 1;
  owned<X509> made(X509_new());
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), to.begins);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), to.ends);
  X509_set_pubkey(made.get(), key);
  set_name(made.get(), to.common_name);
  return made;
}

}  // namespace

struct certificate_authority::pair {
  owned<EVP_PKEY> key;
  owned<X509> certificate;
};

certificate_authority::certificate_authority(const std::string& name)
    : own_(std::make_unique<pair>()) {
  own_->key.reset(EVP_EC_gen("P-256"));
  own_->certificate = unsigned_certificate(own_->key.get(), {.common_name = name, .host = ""});
  X509* mine = own_->certificate.get();
  X509_set_issuer_name(mine, X509_get_subject_name(mine));
  extend(mine, NID_basic_constraints, "critical,CA:TRUE");
  extend(mine, NID_key_usage, "critical,keyCertSign,cRLSign");
  must(X509_sign(mine, own_->key.get(), EVP_sha256()) > 0, "sign");
  pem_ = pem(mine);
}

certificate_authority::~certificate_authority() = default;

pem_pair certificate_authority::issue(const subject& to) const {
  const owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const owned<X509> made = unsigned_certificate(key.get(), to);
  X509_set_issuer_name(made.get(), X509_get_subject_name(own_->certificate.get()));
  extend(made.get(), NID_basic_constraints, "CA:FALSE");
  if (!to.host.empty()) extend(made.get(), NID_subject_alt_name, "DNS:" + to.host);
  must(X509_sign(made.get(), own_->key.get(), EVP_sha256()) > 0, "sign");
  return {pem(made.get()), pem(key.get())};
}

void write_secret(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  chmod(path.c_str(), 0600);
}

}  // namespace clv::test
