// An Arrow stream -> a batch that verbs take. The arrays are kept and read where they lie.
#include <memory>
#include <string>
#include <vector>

#include "arrow_values.hpp"
#include "clv_arrow.h"
#include "guard.hpp"
#include "sized.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

// What a producer gave: released at the end, if it has not been already.
template <typename Given>
struct released : Given {
  released() : Given{} {}
  ~released() {
    if (this->release != nullptr) this->release(this);
  }
  released(const released&) = delete;
  released& operator=(const released&) = delete;
};

}  // namespace
}  // namespace clv::abi

struct clv_arrow : clv::abi::handle<clv::abi::handle_kind::arrow> {
  std::vector<std::unique_ptr<clv::abi::released<ArrowArray>>> arrays;
  clv::abi::arrow_memory memory;
  std::vector<clv_column> columns;
  std::int64_t rows = 0;
};

namespace clv::abi {
namespace {

[[noreturn]] void fail_stream(ArrowArrayStream& stream, int code) {
  const char* said = stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
  throw error(status::data,
              "the Arrow stream failed: " +
                  (said == nullptr ? "error " + std::to_string(code) : printable(said, 300)));
}

// A struct may say which rows are there although all are.
bool has_absent_rows(const ArrowArray& array) {
  if (array.null_count == 0 || array.n_buffers == 0 || array.buffers[0] == nullptr) return false;
  const auto* there = static_cast<const std::uint8_t*>(array.buffers[0]);
  for (std::int64_t i = array.offset; i < array.offset + array.length; ++i) {
    if ((there[i / 8] >> (i % 8) & 1) == 0) return true;
  }
  return false;
}

// What is wrong with its fields' arrays is told with the name of the field.
void check_array(const ArrowArray& array, std::int64_t fields) {
  if (array.n_children != fields || array.length < 0 || array.offset < 0 ||
      (fields > 0 && array.children == nullptr)) {
    throw error(status::invalid, "an array of the Arrow stream does not fit its schema");
  }
  if (array.n_buffers > 0 && array.buffers == nullptr) {
    throw error(status::invalid, "the buffers of an array of the Arrow stream are missing");
  }
  if (has_absent_rows(array)) {
    throw error(status::unsupported,
                "rows of the Arrow table are absent as a whole",
                "drop them, or fill the struct they are in");
  }
}

void read_arrays(ArrowArrayStream& stream, std::int64_t fields, clv_arrow& to) {
  for (;;) {
    auto array = std::make_unique<released<ArrowArray>>();
    if (const int code = stream.get_next(&stream, array.get()); code != 0) {
      fail_stream(stream, code);
    }
    if (array->release == nullptr) return;
    check_array(*array, fields);
    if (__builtin_add_overflow(to.rows, array->length, &to.rows)) {
      throw error(status::invalid,
                  "the Arrow stream says that it has more rows than can be counted");
    }
    to.arrays.push_back(std::move(array));
  }
}

void check_schema(const ArrowSchema& schema) {
  if (schema.format == nullptr || std::string_view(schema.format) != "+s" ||
      schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr)) {
    throw error(status::invalid,
                "the Arrow stream is not one of a table",
                "export a table or a record batch, not a single column");
  }
}

std::unique_ptr<clv_arrow> import_stream(ArrowArrayStream& stream) {
  released<ArrowSchema> schema;
  if (const int code = stream.get_schema(&stream, &schema); code != 0) fail_stream(stream, code);
  check_schema(schema);
  auto table = std::make_unique<clv_arrow>();
  read_arrays(stream, schema.n_children, *table);
  std::vector<arrow_chunk> chunks;
  std::int64_t before = 0;
  for (const auto& array : table->arrays) {
    chunks.push_back({array.get(), array->length, before});
    before += array->length;
  }
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema* field = schema.children[i];
    table->columns.push_back(arrow_column(*required(field, "a field of the Arrow schema"),
                                          static_cast<std::size_t>(i),
                                          chunks,
                                          table->memory));
  }
  return table;
}

void take_in(ArrowArrayStream* stream, clv_arrow** out) {
  required(stream, "stream");
  // Taken over, so that it is released whatever happens, as the contract says.
  released<ArrowArrayStream> taken;
  static_cast<ArrowArrayStream&>(taken) = *stream;
  stream->release = nullptr;
  required(out, "out");
  if (taken.release == nullptr || taken.get_schema == nullptr || taken.get_next == nullptr) {
    throw error(status::invalid, "the Arrow stream was released before, or is not filled");
  }
  *out = import_stream(taken).release();
}

void lend(const clv_arrow* table, clv_batch* out) {
  required(table, "table");
  write_sized(out,
              clv_batch{.struct_size = 0,
                        .n_columns = static_cast<std::uint32_t>(table->columns.size()),
                        .n_rows = table->rows,
                        .columns = table->columns.data()},
              "out");
}

}  // namespace
}  // namespace clv::abi

clv_status clv_arrow_import(ArrowArrayStream* stream, clv_arrow** out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::take_in(stream, out); });
}

clv_status clv_arrow_batch(const clv_arrow* table, clv_batch* out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::lend(table, out); });
}

void clv_arrow_free(clv_arrow* table) noexcept {
  clv::abi::release(table);
}
