// Who a caller is, by what was shown.
#include "security/credentials.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "calls/errors.hpp"
#include "certificates.hpp"
#include "config/start_error.hpp"
#include "security/token_file.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

using clvd::evidence;

class credentials : public testing::Test {
 protected:
  credentials() {
    write({entry("crm", clvd::sha256_hex(token_), 6),
           entry("old", clvd::sha256_hex(old_), 2, 1'000)});
  }
  static clvd::credential_entry entry(const std::string& name,
                                      const std::string& sha256,
                                      std::uint32_t scopes,
                                      std::optional<std::int64_t> expires = {}) {
    return {name, sha256, "", scopes, "shop", expires};
  }
  void write(const std::vector<clvd::credential_entry>& entries) {
    clvd::write_credentials(file_, entries);
  }
  clvd::credentials known(bool anonymous_loopback = false) {
    clvd::credential_rules rules;
    rules.anonymous_loopback = anonymous_loopback;
    rules.on_refusal = [this](std::string_view reason) { reasons_.emplace_back(reason); };
    rules.now = [this] { return now_; };
    return clvd::credentials(file_, rules);
  }
  evidence bearing(const std::string& token) {
    evidence e;
    e.authorization = "Bearer " + token;
    return e;
  }
  // The refusal, as its client sees it.
  static clvd::call_error refusal(const clvd::credentials& of, const evidence& shown) {
    try {
      const clvd::caller who = of.identify(shown);
      ADD_FAILURE() << "identified as " << who.name;
    } catch (const clvd::call_error& e) {
      return e;
    }
    return {grpc::StatusCode::OK, "", ""};
  }

  temporary_folder folder_;
  const std::string file_ = folder_.file("tokens");
  const std::string token_ = clvd::make_token();
  const std::string old_ = clvd::make_token();
  std::int64_t now_ = 2'000;
  std::vector<std::string> reasons_;
};

TEST_F(credentials, a_token_gives_its_tenant_and_scopes_and_no_more) {
  const clvd::caller who = known().identify(bearing(token_));
  EXPECT_EQ(who.name, "crm");
  EXPECT_EQ(who.tenant, "shop");
  EXPECT_EQ(who.scopes, 6u);
  EXPECT_FALSE(who.may_operate);
  EXPECT_TRUE(who.may_found);  // the operator wrote the tenant's name beside it
}

TEST_F(credentials, every_refusal_reads_the_same) {
  const auto all = known();
  std::vector<evidence> wrong(8);
  wrong[1].authorization = "";
  wrong[2] = bearing("");
  wrong[3] = bearing(token_ + "x");
  wrong[4] = bearing(token_.substr(1));
  wrong[5].authorization = "bearer " + token_;
  wrong[6].authorization = token_;
  wrong[7] = bearing(std::string(1'000'000, 'x'));
  wrong.push_back(bearing(old_));
  wrong.push_back(bearing(token_));
  wrong.back().repeated_header = true;
  wrong.emplace_back().client_certificate_subject = "nobody.example";
  wrong.emplace_back().plain_loopback = true;
  wrong.push_back(bearing("clv_other"));
  wrong.back().unix_socket = true;  // a wrong token does not fall back to the local user
  wrong.push_back(bearing(clvd::sha256_hex(token_)));  // the hash is no token
  std::set<std::string> texts;
  for (const evidence& shown : wrong) {
    const clvd::call_error e = refusal(all, shown);
    EXPECT_EQ(e.code, grpc::StatusCode::UNAUTHENTICATED);
    texts.insert(e.reason + e.message + e.hidden);
    EXPECT_TRUE(e.metadata.empty());
  }
  EXPECT_EQ(texts.size(), 1u);
  EXPECT_EQ(reasons_.size(), wrong.size());
  const std::set<std::string> kinds(reasons_.begin(), reasons_.end());
  EXPECT_EQ(kinds,
            (std::set<std::string>{"expired",
                                   "malformed",
                                   "no_credential",
                                   "repeated_header",
                                   "unknown_certificate",
                                   "unknown_token"}));
}

TEST_F(credentials, a_token_ends_at_its_second) {
  const auto all = known();
  now_ = 999;
  EXPECT_EQ(all.identify(bearing(old_)).name, "old");
  now_ = 1'000;
  EXPECT_EQ(refusal(all, bearing(old_)).code, grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(credentials, another_tenant_is_refused_whether_it_exists_or_not) {
  const auto all = known();
  std::set<std::string> texts;
  for (const char* tenant : {"default", "nowhere", "../shop", "", "SHOP"}) {
    evidence shown = bearing(token_);
    shown.wanted_tenant = tenant;
    const clvd::call_error e = refusal(all, shown);
    EXPECT_EQ(e.code, grpc::StatusCode::PERMISSION_DENIED);
    texts.insert(e.reason + e.message);
  }
  EXPECT_EQ(texts.size(), 1u);
  evidence own = bearing(token_);
  own.wanted_tenant = "shop";
  EXPECT_EQ(all.identify(own).tenant, "shop");
}

TEST_F(credentials, the_local_user_may_do_everything_and_name_the_tenant) {
  const auto all = known();
  evidence shown;
  shown.unix_socket = true;
  clvd::caller who = all.identify(shown);
  EXPECT_EQ(who.tenant, "default");
  EXPECT_EQ(who.scopes, clvd::all_scopes);
  EXPECT_TRUE(who.may_operate);
  EXPECT_FALSE(who.may_found);
  shown.wanted_tenant = "shop";
  EXPECT_EQ(all.identify(shown).tenant, "shop");
  for (const char* wrong : {"", "..", "a/b", "-a", "A", "a\nb"}) {
    shown.wanted_tenant = wrong;
    EXPECT_EQ(refusal(all, shown).code, grpc::StatusCode::PERMISSION_DENIED) << wrong;
  }
}

TEST_F(credentials, a_token_over_the_unix_socket_counts_and_the_local_rights_do_not) {
  evidence shown = bearing(token_);
  shown.unix_socket = true;
  EXPECT_EQ(known().identify(shown).scopes, 6u);
}

TEST_F(credentials, loopback_is_anonymous_only_where_asked_for) {
  evidence shown;
  shown.plain_loopback = true;
  EXPECT_EQ(refusal(known(), shown).code, grpc::StatusCode::UNAUTHENTICATED);
  const clvd::caller who = known(true).identify(shown);
  EXPECT_EQ(who.scopes, clvd::all_scopes);
  EXPECT_FALSE(who.may_operate);
  EXPECT_FALSE(who.may_found);
}

TEST_F(credentials, loopback_without_a_token_has_the_default_tenant_only) {
  evidence shown;
  shown.plain_loopback = true;
  shown.wanted_tenant = "default";
  EXPECT_EQ(known(true).identify(shown).tenant, "default");
  shown.wanted_tenant = "shop";
  EXPECT_EQ(refusal(known(true), shown).reason, "TENANT_NOT_PERMITTED");
}

TEST_F(credentials, a_page_of_the_web_needs_a_token_where_others_need_none) {
  evidence shown;
  shown.plain_loopback = true;
  shown.handed_on = true;
  EXPECT_EQ(refusal(known(true), shown).code, grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(reasons_, std::vector<std::string>{"handed_on"});
  shown.authorization = "Bearer " + token_;
  EXPECT_EQ(known(true).identify(shown).name, "crm");
}

TEST_F(credentials, a_token_beside_a_certificate_operates_only_when_that_is_an_operators) {
  const clvd::credential_entry token = entry("crm", clvd::sha256_hex(token_), 64);
  const auto operates = [&](const clvd::credential_entry& certificate) {
    write({token, certificate});
    evidence shown = bearing(token_);
    shown.client_certificate_subject = "ops.example";
    return known().identify(shown).may_operate;
  };
  EXPECT_TRUE(operates({"ops", "", "ops.example", 64, "shop", {}}));
  EXPECT_FALSE(
      operates({"ops", "", "other.example", 64, "shop", {}}));  // the authority's, no entry
  EXPECT_FALSE(operates({"ops", "", "ops.example", 63, "shop", {}}));
  EXPECT_FALSE(operates({"ops", "", "ops.example", 64, "bank", {}}));
  EXPECT_FALSE(operates({"ops", "", "ops.example", 64, "shop", 1'000}));  // expired
}

TEST_F(credentials, a_certificate_is_known_by_its_common_name) {
  write({{"ops", "", "ops.example", 64, "shop", {}}});
  const auto all = known();
  evidence shown;
  shown.client_certificate_subject = "ops.example";
  const clvd::caller who = all.identify(shown);
  EXPECT_EQ(who.name, "ops");
  EXPECT_TRUE(who.may_operate);
  shown.client_certificate_subject = "ops.example.evil";
  EXPECT_EQ(refusal(all, shown).code, grpc::StatusCode::UNAUTHENTICATED);
  // An entry for a certificate is no token, and its empty hash fits nothing.
  EXPECT_EQ(refusal(all, bearing("ops.example")).code, grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(credentials, a_reload_takes_new_tokens_and_drops_revoked_ones) {
  auto all = known();
  const std::string next = clvd::make_token();
  write({entry("next", clvd::sha256_hex(next), 1)});
  EXPECT_EQ(all.reload(), 1u);
  EXPECT_EQ(all.identify(bearing(next)).name, "next");
  EXPECT_EQ(refusal(all, bearing(token_)).code, grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(credentials, a_reload_that_fails_keeps_the_tokens) {
  auto all = known();
  write_secret(file_, "garbage clv_secret");
  try {
    all.reload();
    FAIL() << "garbage was taken";
  } catch (const clvd::call_error& e) {
    EXPECT_EQ(e.code, grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(e.message.find(file_), std::string::npos);  // a path is for the log
    EXPECT_EQ(e.hidden.find("clv_secret"), std::string::npos);
  }
  EXPECT_EQ(all.identify(bearing(token_)).name, "crm");
}

}  // namespace
}  // namespace clv::test
