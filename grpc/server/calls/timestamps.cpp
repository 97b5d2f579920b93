#include "calls/timestamps.hpp"

#include "calls/errors.hpp"

namespace clvd {
namespace {

constexpr std::int64_t second = 1'000'000;
// What google.protobuf.Timestamp may hold: years 1 to 9999.
constexpr std::int64_t first_second = -62'135'596'800, last_second = 253'402'300'799;

}  // namespace

std::int64_t microseconds_of(const google::protobuf::Timestamp& time, const char* field) {
  if (time.seconds() < first_second || time.seconds() > last_second || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    throw invalid_field("INVALID_VALUE", field, "not a time of the years 1 to 9999");
  }
  if (time.nanos() % 1000 != 0) {
    throw invalid_field("INVALID_VALUE", field, "finer than a microsecond: it would be rounded");
  }
  return time.seconds() * second + time.nanos() / 1000;
}

std::int64_t day_of(const google::protobuf::Timestamp& time, const char* field) {
  const std::int64_t us = microseconds_of(time, field);
  return us == 0 ? 1 : us;
}

google::protobuf::Timestamp timestamp_of(std::int64_t us) {
  google::protobuf::Timestamp time;
  const std::int64_t rest = ((us % second) + second) % second;
  time.set_seconds((us - rest) / second);
  time.set_nanos(static_cast<std::int32_t>(rest) * 1000);
  return time;
}

}  // namespace clvd
