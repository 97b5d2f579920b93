#include "security/credentials.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <ctime>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "calls/errors.hpp"
#include "config/start_error.hpp"
#include "security/names.hpp"
#include "security/token_file.hpp"

namespace clvd {
namespace {

constexpr std::string_view scheme = "Bearer ";
constexpr std::size_t longest_token = 256;

// One text and one reason for whatever is wrong with a credential: no oracle.
call_error not_identified() {
  return {grpc::StatusCode::UNAUTHENTICATED,
          "UNAUTHENTICATED",
          "this call needs a valid credential: a token (authorization: Bearer ...) or a client "
          "certificate that the server knows"};
}

call_error other_tenant() {
  return {grpc::StatusCode::PERMISSION_DENIED,
          "TENANT_NOT_PERMITTED",
          "this credential does not belong to that tenant"};
}

}  // namespace

struct credentials::impl {
  std::string file;
  credential_rules rules;
  mutable std::shared_mutex mutex;  // guards entries
  std::vector<credential_entry> entries;

  template <typename Error>
  [[noreturn]] void refuse(std::string_view reason, Error error) const {
    if (rules.on_refusal) rules.on_refusal(reason);
    throw error;
  }

  bool is_over(const credential_entry& e) const {
    if (!e.expires) return false;
    return *e.expires <= (rules.now ? rules.now() : std::int64_t{std::time(nullptr)});
  }

  caller granted(const credential_entry& e) const {
    if (is_over(e)) refuse("expired", not_identified());
    return {.tenant = e.tenant, .scopes = e.scopes, .may_found = true, .name = e.name};
  }

  // Looks at every entry whatever it finds, each as long as the other.
  caller by_token(const std::string& authorization) const {
    if (!authorization.starts_with(scheme) || authorization.size() == scheme.size() ||
        authorization.size() > scheme.size() + longest_token) {
      refuse("malformed", not_identified());
    }
    const std::string hash = sha256_hex(std::string_view(authorization).substr(scheme.size()));
    const std::shared_lock lock(mutex);
    const credential_entry* found = nullptr;
    for (const credential_entry& e : entries) {
      const bool same = e.sha256.size() == hash.size() &&
                        CRYPTO_memcmp(e.sha256.data(), hash.data(), hash.size()) == 0;
      found = same ? &e : found;
    }
    if (found == nullptr) refuse("unknown_token", not_identified());
    return granted(*found);
  }

  // nullptr: it has none. The lock is held.
  const credential_entry* entry_of(const std::string& subject) const {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const credential_entry& e) {
      return e.certificate == subject;
    });
    return subject.empty() || found == entries.end() ? nullptr : &*found;
  }

  caller by_certificate(const std::string& subject) const {
    const std::shared_lock lock(mutex);
    const credential_entry* found = entry_of(subject);
    if (found == nullptr) refuse("unknown_certificate", not_identified());
    return granted(*found);
  }

  // That the authority signed a certificate makes nobody an operator: its own entry does. A stolen
  // token beside just any certificate is still only a token.
  bool is_operators(const std::string& subject, const std::string& tenant) const {
    const std::shared_lock lock(mutex);
    const credential_entry* found = entry_of(subject);
    return found != nullptr && !is_over(*found) && found->tenant == tenant &&
           (found->scopes & static_cast<std::uint32_t>(scope::admin)) != 0;
  }

  caller known(const evidence& shown) const {
    if (shown.authorization) return by_token(*shown.authorization);
    if (!shown.client_certificate_subject.empty()) {
      return by_certificate(shown.client_certificate_subject);
    }
    refuse(shown.handed_on ? "handed_on" : "no_credential", not_identified());
  }

  // Whom the kernel vouches for, or nobody at all.
  bool is_anonymous(const evidence& shown) const {
    const bool presents = shown.authorization || !shown.client_certificate_subject.empty();
    const bool on_loopback = shown.plain_loopback && rules.anonymous_loopback;
    return !presents && !shown.handed_on && (shown.unix_socket || on_loopback);
  }

  // Who comes over loopback TCP may be any user of the machine: no peer was checked.
  static bool may_choose(const evidence& shown, const std::string& tenant) {
    return shown.unix_socket ? is_plain_name(tenant) : tenant == caller().tenant;
  }
};

credentials::credentials(std::string token_file, credential_rules rules)
    : impl_(std::make_unique<impl>()) {
  impl_->file = std::move(token_file);
  impl_->rules = std::move(rules);
  if (!impl_->file.empty()) impl_->entries = read_credentials(impl_->file);
}

credentials::~credentials() = default;

caller credentials::identify(const evidence& shown) const {
  if (shown.repeated_header) impl_->refuse("repeated_header", not_identified());
  const bool chooses = impl_->is_anonymous(shown);
  caller who = chooses ? caller{} : impl_->known(shown);
  const std::string wanted = shown.wanted_tenant.value_or(who.tenant);
  if (chooses ? !impl::may_choose(shown, wanted) : wanted != who.tenant) {
    impl_->refuse("other_tenant", other_tenant());
  }
  who.tenant = wanted;
  who.may_operate = (shown.unix_socket && !shown.handed_on) ||
                    impl_->is_operators(shown.client_certificate_subject, who.tenant);
  return who;
}

std::size_t credentials::reload() {
  if (impl_->file.empty()) return 0;
  try {
    std::vector<credential_entry> entries = read_credentials(impl_->file);
    const std::unique_lock lock(impl_->mutex);
    impl_->entries = std::move(entries);
    return impl_->entries.size();
  } catch (const start_error& e) {
    call_error error(grpc::StatusCode::FAILED_PRECONDITION,
                     "TOKENS_UNREADABLE",
                     "the token file cannot be used; the tokens from before stay");
    error.hidden = e.what();
    throw error;
  }
}

}  // namespace clvd
