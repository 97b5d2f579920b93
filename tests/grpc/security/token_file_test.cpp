// The file of credentials, and the command that edits it.
#include "security/token_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

#include "certificates.hpp"
#include "config/start_error.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

const std::string hash(64, 'a');
const std::string good =
    R"({"name":"crm","sha256":")" + hash + R"(","scopes":["read"],"tenant":"shop"})";

class token_file : public testing::Test {
 protected:
  std::string refusal(const std::string& text) {
    write_secret(file_, text);
    try {
      clvd::read_credentials(file_);
      return "";
    } catch (const clvd::start_error& e) {
      EXPECT_EQ(e.status, clvd::usage);
      return e.what();
    }
  }
  // Runs clvd token and returns what it printed; its exit status goes to status_.
  std::string token(std::vector<std::string> words) {
    const std::string out = folder_.file("out");
    std::filesystem::remove(out);
    words.insert(words.begin(), "token");
    words.insert(words.end(), {"--tokens", file_});
    status_ = sidecar(words, out).wait();
    return text_of(out);
  }

  temporary_folder folder_;
  std::string file_ = folder_.file("tokens");
  int status_ = -1;
};

TEST_F(token_file, what_was_written_is_read) {
  clvd::credential_entry e;
  e.name = "crm";
  e.certificate = "quote\" and \\";
  e.scopes = 65;
  e.tenant = "shop";
  e.expires = 1'900'000'000;
  clvd::write_credentials(file_, {e});
  const auto found = clvd::read_credentials(file_);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].certificate, e.certificate);
  EXPECT_EQ(found[0].scopes, 65u);
  EXPECT_EQ(found[0].expires, e.expires);
  EXPECT_TRUE(found[0].sha256.empty());
}

TEST_F(token_file, the_hash_is_sha256) {
  EXPECT_EQ(clvd::sha256_hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(token_file, tokens_have_256_random_bits) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string token = clvd::make_token();
    EXPECT_EQ(token.size(), 47u);  // "clv_" and 32 bytes in base64url without padding
    EXPECT_EQ(token.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789-_"),
              std::string::npos);
    seen.insert(token);
  }
  EXPECT_EQ(seen.size(), 100u);
}

TEST_F(token_file, wrong_lines_are_named_by_number_and_not_repeated) {
  EXPECT_EQ(refusal(good + "\n"), "");
  const std::string text = refusal(good + "\nclv_secret_pasted_here\n");
  EXPECT_NE(text.find("line 2"), std::string::npos);
  EXPECT_EQ(text.find("clv_secret"), std::string::npos);
  EXPECT_NE(refusal(good + "\n" + good).find("there twice"), std::string::npos);
}

TEST_F(token_file, each_field_is_checked) {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string line = good;
    return line.replace(line.find(from), from.size(), to);
  };
  EXPECT_NE(refusal(with("\"read\"", "\"root\"")).find("scope 'root' is unknown"),
            std::string::npos);
  EXPECT_NE(refusal(with("[\"read\"]", "[]")).find("'scopes' is missing"), std::string::npos);
  EXPECT_NE(refusal(with("\"shop\"", "\"../shop\"")).find("'tenant'"), std::string::npos);
  EXPECT_NE(refusal(with("\"crm\"", "\"C R M\"")).find("'name'"), std::string::npos);
  EXPECT_NE(refusal(with(hash, "abc")).find("64 lower-case hex"), std::string::npos);
  EXPECT_NE(refusal(with("sha256", "sha1")).find("unknown field 'sha1'"), std::string::npos);
  EXPECT_NE(refusal(with("}", ",\"expires\":\"soon\"}")).find("time 'soon'"), std::string::npos);
  EXPECT_NE(refusal(with("}", ",\"certificate\":\"x\"}")).find("either"), std::string::npos);
}

TEST_F(token_file, a_file_that_others_may_read_is_refused) {
  write_secret(file_, good);
  for (const mode_t mode : {0640u, 0604u, 0620u, 0666u}) {
    chmod(file_.c_str(), mode);
    EXPECT_THROW(clvd::read_credentials(file_), clvd::start_error) << mode;
  }
  chmod(file_.c_str(), 0400);
  EXPECT_EQ(clvd::read_credentials(file_).size(), 1u);
}

TEST_F(token_file, a_missing_file_and_a_folder_are_refused) {
  EXPECT_THROW(clvd::read_credentials(file_), clvd::start_error);
  std::filesystem::create_directory(file_);
  EXPECT_THROW(clvd::read_credentials(file_), clvd::start_error);
}

TEST_F(token_file, the_command_prints_a_token_once_and_keeps_only_its_hash) {
  const std::string printed = token({"add", "--name", "crm", "--scope", "read,score"});
  ASSERT_EQ(status_, 0) << printed;
  const std::string secret = printed.substr(0, printed.size() - 1);
  EXPECT_TRUE(secret.starts_with("clv_"));
  EXPECT_EQ(text_of(file_).find(secret), std::string::npos);
  struct stat found {};
  ASSERT_EQ(stat(file_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0600u);
  const auto entries = clvd::read_credentials(file_);
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].sha256, clvd::sha256_hex(secret));
  EXPECT_EQ(token({"list"}), "crm\ttoken\tdefault\tread,score\tnever\n");
}

TEST_F(token_file, the_command_revokes) {
  token({"add", "--name", "one", "--scope", "read"});
  token({"add",
         "--name",
         "two",
         "--scope",
         "admin",
         "--certificate",
         "ops.example",
         "--tenant",
         "shop",
         "--expires",
         "2099-01-01"});
  EXPECT_EQ(status_, 0);
  token({"revoke", "--name", "one"});
  EXPECT_EQ(status_, 0);
  EXPECT_EQ(token({"list"}), "two\tcertificate\tshop\tadmin\t2099-01-01T00:00:00Z\n");
  token({"revoke", "--name", "one"});
  EXPECT_EQ(status_, 2);
}

TEST_F(token_file, the_command_refuses_what_the_server_would) {
  const std::vector<std::vector<std::string>> wrong = {
      {"add", "--name", "a/b", "--scope", "read"},
      {"add", "--name", "a", "--scope", "everything"},
      {"add", "--name", "a", "--scope", "read", "--tenant", ".."},
      {"add", "--name", "a", "--scope", "read", "--expires", "2001-01-01"},
      {"add", "--name", "a"},
      {"steal"},
  };
  for (const auto& words : wrong) {
    token(words);
    EXPECT_EQ(status_, 2) << words.back();
    EXPECT_FALSE(std::filesystem::exists(file_));
  }
  token({"add", "--name", "a", "--scope", "read"});
  const std::string before = text_of(file_);
  token({"add", "--name", "a", "--scope", "read"});
  EXPECT_EQ(status_, 2);
  EXPECT_EQ(text_of(file_), before);
}

}  // namespace
}  // namespace clv::test
