#include "math/sha256.hpp"

#include <gtest/gtest.h>

#include <string>

namespace clv::math {
namespace {

// FIPS 180-4 / NIST CSRC "SHA-2 example values" and the CAVP short and long messages.
TEST(sha256, gives_the_published_digests) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// The padding has its own block from 56 bytes on; each length around it must differ from the next.
TEST(sha256, tells_apart_texts_around_the_length_of_a_block) {
  for (std::size_t n = 50; n < 70; ++n) {
    EXPECT_NE(sha256_hex(std::string(n, 'x')), sha256_hex(std::string(n + 1, 'x'))) << n;
  }
}

TEST(sha256, gives_the_same_digest_in_pieces_of_any_length) {
  const std::string text(1000, 'y');
  for (std::size_t piece = 1; piece < 200; piece += 7) {
    sha256 hash;
    for (std::size_t i = 0; i < text.size(); i += piece) {
      hash.add(std::string_view(text).substr(i, piece));
    }
    EXPECT_EQ(hash.hex(), sha256_hex(text)) << piece;
  }
}

}  // namespace
}  // namespace clv::math
