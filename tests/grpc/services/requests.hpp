// A request for every method that gets past its first checks, and ways to spoil it.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "calls/methods.hpp"

namespace clv::test {

enum class repeat { same, other };  // whether asking twice gives the same answer

struct sample {
  const char* path;
  const char* json;
  repeat twice = repeat::same;
};

// One of each method of the table, in an order in which they can be asked.
const std::vector<sample>& samples();
std::unique_ptr<google::protobuf::Message> request_of(const sample& s);

// The same request with one field at any depth set to one bad value; `what` says which.
struct spoiled {
  std::string what;
  std::unique_ptr<google::protobuf::Message> request;
};
std::vector<spoiled> spoil(const google::protobuf::Message& good);
// Bytes of the request with one text at any depth that is not UTF-8; `what` is the field's path.
struct bad_bytes {
  std::string what, bytes;
};
std::vector<bad_bytes> with_bad_texts(const google::protobuf::Message& good);
// With a field that no schema has, in every message at any depth.
std::vector<bad_bytes> with_unknown_fields(const google::protobuf::Message& good);

}  // namespace clv::test
