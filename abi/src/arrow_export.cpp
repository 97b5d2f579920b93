// clv_result -> Arrow, without a copy: every array keeps the table it points into.
#include <cerrno>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "clv_arrow.h"
#include "guard.hpp"
#include "result.hpp"

namespace clv::abi {
namespace {

using table_ptr = std::shared_ptr<const table>;

// ---- schemas

// A schema with what it points to. Children own themselves: a consumer may move one out.
struct exported_schema {
  std::string format, name, metadata;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

void release_schema(ArrowSchema* schema) {
  const std::unique_ptr<exported_schema> owned(static_cast<exported_schema*>(schema->private_data));
  for (ArrowSchema& child : owned->children) {
    if (child.release != nullptr) child.release(&child);
  }
  schema->release = nullptr;
}

void hand_over(std::unique_ptr<exported_schema> from, ArrowSchema* out) {
  for (ArrowSchema& child : from->children) from->pointers.push_back(&child);
  *out = ArrowSchema{};
  out->format = from->format.c_str();
  out->name = from->name.c_str();
  out->metadata = from->metadata.empty() ? nullptr : from->metadata.data();
  out->flags = ARROW_FLAG_NULLABLE;
  out->n_children = static_cast<std::int64_t>(from->children.size());
  out->children = from->pointers.data();
  out->release = release_schema;
  out->private_data = from.release();
}

void append_text(const std::string& text, std::string& to) {
  const auto size = static_cast<std::int32_t>(text.size());
  to.append(reinterpret_cast<const char*>(&size), sizeof size);
  to.append(text);
}

// Arrow's encoding: a count, then keys and values, each after its length.
std::string metadata_of(const column& c) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (c.kind() == type::money) pairs.emplace_back("clv.type", "money");
  if (!c.unit().empty()) pairs.emplace_back("clv.unit", c.unit());
  if (pairs.empty()) return {};
  const auto count = static_cast<std::int32_t>(pairs.size());
  std::string encoded(reinterpret_cast<const char*>(&count), sizeof count);
  for (const auto& [key, value] : pairs) {
    append_text(key, encoded);
    append_text(value, encoded);
  }
  return encoded;
}

const char* format_of(type kind) {
  switch (kind) {
    case type::f64:
      return "g";
    case type::time:
      return "tsu:UTC";
    case type::utf8:
      return "U";
    default:
      return "l";
  }
}

void export_schema(const table& t, ArrowSchema* out) {
  auto whole = std::make_unique<exported_schema>();
  whole->format = "+s";
  whole->children.resize(t.columns().size());
  try {
    for (std::size_t i = 0; i < t.columns().size(); ++i) {
      const column& c = t.columns()[i];
      auto field = std::make_unique<exported_schema>();
      field->format = format_of(c.kind());
      field->name = c.name();
      field->metadata = metadata_of(c);
      hand_over(std::move(field), &whole->children[i]);
    }
    whole->pointers.reserve(whole->children.size());
  } catch (...) {
    for (ArrowSchema& child : whole->children) {
      if (child.release != nullptr) child.release(&child);
    }
    throw;
  }
  hand_over(std::move(whole), out);
}

// ---- arrays

struct exported_array {
  table_ptr table;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
};

void release_array(ArrowArray* array) {
  const std::unique_ptr<exported_array> owned(static_cast<exported_array*>(array->private_data));
  for (ArrowArray& child : owned->children) {
    if (child.release != nullptr) child.release(&child);
  }
  array->release = nullptr;
}

void hand_over(std::unique_ptr<exported_array> from, std::size_t rows, ArrowArray* out) {
  for (ArrowArray& child : from->children) from->pointers.push_back(&child);
  *out = ArrowArray{};
  out->length = static_cast<std::int64_t>(rows);
  out->null_count = from->children.empty() && from->buffers[0] != nullptr ? -1 : 0;
  out->n_buffers = static_cast<std::int64_t>(from->buffers.size());
  out->buffers = from->buffers.data();
  out->n_children = static_cast<std::int64_t>(from->children.size());
  out->children = from->pointers.data();
  out->release = release_array;
  out->private_data = from.release();
}

// An empty column's vectors may have no memory; consumers want an address all the same.
const void* address_of(const void* data) {
  static const std::int64_t nothing[1] = {};
  return data == nullptr ? nothing : data;
}

std::vector<const void*> buffers_of(const column& c) {
  std::vector<const void*> buffers{c.all_present() ? nullptr : c.validity().data()};
  if (c.kind() == type::utf8) {
    buffers.push_back(address_of(c.offsets().data()));
    buffers.push_back(address_of(c.chars().data()));
  } else if (c.kind() == type::f64) {
    buffers.push_back(address_of(c.numbers().data()));
  } else {
    buffers.push_back(address_of(c.integers().data()));
  }
  return buffers;
}

void export_array(const table_ptr& t, ArrowArray* out) {
  auto whole = std::make_unique<exported_array>();
  whole->table = t;
  whole->buffers = {nullptr};
  whole->children.resize(t->columns().size());
  try {
    for (std::size_t i = 0; i < t->columns().size(); ++i) {
      auto values = std::make_unique<exported_array>();
      values->table = t;
      values->buffers = buffers_of(t->columns()[i]);
      hand_over(std::move(values), t->rows(), &whole->children[i]);
    }
    whole->pointers.reserve(whole->children.size());
  } catch (...) {
    for (ArrowArray& child : whole->children) {
      if (child.release != nullptr) child.release(&child);
    }
    throw;
  }
  hand_over(std::move(whole), t->rows(), out);
}

// ---- the stream

struct exported_stream {
  table_ptr table;
  bool given = false;
};

exported_stream& state_of(ArrowArrayStream* stream) {
  return *static_cast<exported_stream*>(stream->private_data);
}

int give_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return guard_or(ENOMEM, [&] {
    export_schema(*state_of(stream).table, out);
    return 0;
  });
}

int give_next(ArrowArrayStream* stream, ArrowArray* out) {
  return guard_or(ENOMEM, [&] {
    if (state_of(stream).given) {
      *out = ArrowArray{};  // released: the end
      return 0;
    }
    export_array(state_of(stream).table, out);
    state_of(stream).given = true;
    return 0;
  });
}

const char* last_error(ArrowArrayStream*) {
  return "out of memory";  // nothing else can fail
}

void release_stream(ArrowArrayStream* stream) {
  delete &state_of(stream);
  stream->release = nullptr;
}

void export_stream(const clv_result* result, ArrowArrayStream* out) {
  auto state = std::make_unique<exported_stream>();
  state->table = required(result, "result")->table;
  required(out, "out");
  *out = ArrowArrayStream{};
  out->get_schema = give_schema;
  out->get_next = give_next;
  out->get_last_error = last_error;
  out->release = release_stream;
  out->private_data = state.release();
}

}  // namespace
}  // namespace clv::abi

clv_status clv_result_export(const clv_result* result,
                             ArrowArrayStream* out,
                             clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::export_stream(result, out); });
}
