// Any bytes from a plugin's process: a frame, or the table of its proposals; refused with a reason,
// or safe to read. Byte 0: 0 = a frame, 1 = a table with proposals.
#include <sys/socket.h>

#include <cstring>
#include <exception>
#include <span>
#include <vector>

#include "frame.hpp"
#include "plugins/proposals.hpp"
#include "plugins/text.hpp"
#include "promise.hpp"
#include "tables.hpp"

namespace {

using namespace clv::worker;
using clv::fuzz::require;

void check_frame(std::span<const std::uint8_t> bytes) {
  int raw[2];
  require(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, raw) == 0, "two sockets");
  const descriptor from(raw[0]), to(raw[1]);
  require(send(from.get(), bytes.data(), bytes.size(), 0) >= 0, "sent");
  try {
    const auto got = receive_frame(to.get());
    if (!got) return require(bytes.empty(), "only nothing is an end");
    require(bytes.size() == sizeof(frame) && got->head.magic == frame_magic, "a frame as it is");
    require(std::memcmp(&got->head, bytes.data(), sizeof(frame)) == 0, "and as it was sent");
    require(!got->files[0], "no file that was not sent");
  } catch (const std::runtime_error& e) {
    require(*e.what() != '\0', "a refusal says why");
  }
}

std::size_t read_all(const clv_batch& batch) {
  std::size_t sum = 0;
  for (std::uint32_t i = 0; i < batch.n_columns; ++i) {
    const clv_column& c = batch.columns[i];
    sum += std::strlen(c.name) + (c.unit == nullptr ? 0 : std::strlen(c.unit));
    for (std::int64_t row = 0; row < batch.n_rows; ++row) {
      sum += present(c, row) ? 1 : 0;
      if (c.type == CLV_T_UTF8) {
        for (const char byte : text_at(c, row)) sum += static_cast<unsigned char>(byte);
      } else {
        sum += static_cast<std::size_t>(integer_at(c, row) & 1);
      }
    }
  }
  return sum;
}

void check_written_again(const clv_batch& batch) {
  std::vector<std::byte> bytes(encoded_size(batch));
  encode(batch, bytes);
  const table_view again(bytes);
  require(again.rows() == batch.n_rows && again.batch().n_columns == batch.n_columns,
          "what was read can be written");
  require(read_all(again.batch()) == read_all(batch), "and read as the same");
}

// The rows that a plugin was asked about.
owned_table& candidates() {
  static owned_table table;
  if (table.rows() == 0) {
    auto& customer = table.add("customer", CLV_T_UTF8);
    for (const char* id : {"ann", "bob", "cyd"}) customer.push(std::string_view(id));
  }
  return table;
}

void check_proposals(const clv_batch& batch) {
  clvd::plugins::description by;
  by.id = "org.example.fuzz";
  by.actions = {"win"};
  clvd::plugins::proposal_table made(candidates().batch());
  try {
    made.add(batch, by);
  } catch (const clvd::plugins::plugin_failure&) {
    require(made.rows() == 0, "all proposals or none");
    return;
  }
  require(made.rows() == batch.n_rows, "every row is a proposal");
  read_all(made.batch());
}

void check_table(std::span<const std::uint8_t> bytes) {
  // On a heap of its own and aligned as mapped memory is.
  std::vector<std::byte> memory(bytes.size());
  if (!bytes.empty()) std::memcpy(memory.data(), bytes.data(), bytes.size());
  constexpr std::int64_t most_rows = 100'000;  // a table without columns may say any number
  try {
    const table_view view(memory);
    if (view.rows() > most_rows) return;
    read_all(view.batch());
    check_written_again(view.batch());
    check_proposals(view.batch());
  } catch (const std::runtime_error& e) {
    require(*e.what() != '\0', "a refusal says why");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> rest(data + 1, size - 1);
  data[0] % 2 == 0 ? check_frame(rest) : check_table(rest);
  return 0;
}
