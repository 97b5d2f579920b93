// Any description of a table in Arrow's C data interface, from a producer that lies about
// everything but the memory it owns: imported or refused with a reason; every stream, schema and
// array is released exactly once; what was imported can be read to its last byte, and exported
// again.
//
// The bytes say, one each: how the stream behaves, its fields (type, name, metadata, dictionary),
// its chunks (rows, offset) and their arrays (rows, offset, which buffers are there, what fills
// them).
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <limits>
#include <vector>

#include "clv_arrow.h"
#include "through_c.hpp"

namespace {

using namespace clv::fuzz;

// The bytes of the input, one after the other; zeros when there are no more.
class script {
 public:
  explicit script(std::string_view bytes) : left_(bytes) {}
  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(left_.front());
    left_.remove_prefix(1);
    return first;
  }
  std::size_t below(std::size_t n) { return byte() % n; }
  // Below `most_rows`, and now and then what no length is: negative, or more than any memory has.
  std::int64_t length() {
    switch (const std::uint8_t b = byte()) {
      case 0xFF:
        return -1;
      case 0xFE:
        return std::numeric_limits<std::int64_t>::max();
      case 0xFD:
        return std::int64_t{1} << 62;
      case 0xFC:
        return std::numeric_limits<std::int64_t>::min();
      default:
        return b % most_rows;
    }
  }
  static constexpr std::int64_t most_rows = 40;
  std::string text() {
    const std::size_t wanted = below(16);  // takes a byte, before what is left is counted
    const std::size_t size = std::min(wanted, left_.size());
    std::string taken(left_.substr(0, size));
    left_.remove_prefix(size);
    return taken;
  }

 private:
  std::string_view left_;
};

constexpr const char* formats[] = {"g",   "f",    "l",    "L",    "i",    "I",   "s",  "S",
                                   "c",   "C",    "b",    "u",    "U",    "vu",  "n",  "tdD",
                                   "tdm", "tss:", "tsm:", "tsu:", "tsn:", "d:9", "+s", ""};

struct field {
  std::string format, name, metadata;
  bool has_dictionary = false;
  std::string dictionary_format;
};

void add_entry(std::string& to, const std::string& text) {
  const auto size = static_cast<std::int32_t>(text.size());
  to.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
}

field read_field(script& in) {
  field f;
  const std::size_t which = in.below(std::size(formats) + 1);
  f.format = which < std::size(formats) ? formats[which] : in.text();
  f.name = in.text();
  const std::size_t extras = in.below(8);
  if ((extras & 1) != 0) {
    const std::int32_t pairs = 2;
    f.metadata.append(reinterpret_cast<const char*>(&pairs), sizeof pairs);
    for (const std::string& text : {std::string("clv.type"), std::string("money")}) {
      add_entry(f.metadata, text);
    }
    add_entry(f.metadata, "clv.unit");
    add_entry(f.metadata, in.text());
  }
  f.has_dictionary = (extras & 2) != 0;
  if (f.has_dictionary) f.dictionary_format = (extras & 4) != 0 ? "u" : in.text();
  return f;
}

// A producer whose memory is as long as its arrays say, whatever lies in it. Of one that says more
// than there is, as many rows as any chunk can ask for.
class producer {
 public:
  explicit producer(script& in) : in_(in), behaviour_(in.byte()) {
    fields_.resize(in.below(6));
    for (field& f : fields_) f = read_field(in);
    chunks_ = in.below(4);
  }
  ~producer() { require(live_ == 0, "everything is released when the import is freed"); }
  producer(const producer&) = delete;
  producer& operator=(const producer&) = delete;

  ArrowArrayStream stream() {
    ArrowArrayStream s{};
    s.get_schema = give_schema;
    s.get_next = give_next;
    s.get_last_error = last_error;
    s.release = release<ArrowArrayStream>;
    s.private_data = this;
    ++live_;
    return s;
  }

 private:
  enum {
    no_schema = 1,
    no_words = 2,
    no_table = 4,
    lost_child = 8,
    breaks_off = 16,
    fewer = 32,
    no_list = 64
  };
  bool does(unsigned what) const { return (behaviour_ & what) != 0; }

  template <typename T>
  static void release(T* given) {
    require(given->release != nullptr, "nothing is released twice");
    --static_cast<producer*>(given->private_data)->live_;
    given->release = nullptr;
  }
  template <typename T>
  void hand_out(T& given) {
    given.release = release<T>;
    given.private_data = this;
    ++live_;
  }

  static const char* last_error(ArrowArrayStream* s) {
    const auto& self = *static_cast<producer*>(s->private_data);
    return self.does(no_words) ? nullptr : "the producer's own \xFF words";
  }
  static int give_schema(ArrowArrayStream* s, ArrowSchema* out) {
    auto& self = *static_cast<producer*>(s->private_data);
    *out = {};
    if (self.does(no_schema)) return EIO;
    out->format = self.does(no_table) ? "l" : "+s";
    auto& children = self.schema_children_.emplace_back();
    for (const field& f : self.fields_) children.push_back(self.schema_of(f));
    if (self.does(lost_child) && !children.empty()) children.back() = nullptr;
    out->n_children = static_cast<std::int64_t>(children.size());
    out->children = children.data();
    self.hand_out(*out);
    return 0;
  }
  ArrowSchema* schema_of(const field& f) {
    ArrowSchema& s = schemas_.emplace_back();
    s.format = f.format.c_str();
    s.name = f.name.c_str();
    s.metadata = f.metadata.empty() ? nullptr : f.metadata.data();
    if (!f.has_dictionary) return &s;
    ArrowSchema& d = schemas_.emplace_back();
    d.format = f.dictionary_format.c_str();
    s.dictionary = &d;
    return &s;
  }

  static int give_next(ArrowArrayStream* s, ArrowArray* out) {
    auto& self = *static_cast<producer*>(s->private_data);
    *out = {};
    if (self.chunks_ == 0) return self.does(breaks_off) ? EPIPE : 0;
    --self.chunks_;
    out->length = self.in_.length();
    out->offset = self.in_.below(4) == 0 ? self.in_.length() : 0;
    auto& children = self.array_children_.emplace_back();
    for (const field& f : self.fields_) children.push_back(self.array_of(f, f.format));
    if (self.does(fewer) && !children.empty()) children.pop_back();
    if (self.does(no_list)) out->n_buffers = 1;
    out->n_children = static_cast<std::int64_t>(children.size());
    out->children = children.data();
    self.hand_out(*out);
    return 0;
  }
  ArrowArray* array_of(const field& f, const std::string& format) {
    ArrowArray& a = arrays_.emplace_back();
    a.length = in_.length();
    a.offset = in_.below(4) == 0 ? in_.length() : 0;
    auto& buffers = buffers_.emplace_back();
    const auto owned = [](std::int64_t n) {
      return std::clamp<std::int64_t>(n, 0, 2 * script::most_rows);
    };
    fill(buffers, format, static_cast<std::size_t>(owned(a.length) + owned(a.offset)));
    const std::size_t missing = in_.below(16);
    if (missing < buffers.size()) buffers[missing] = nullptr;
    a.n_buffers = static_cast<std::int64_t>(buffers.size());
    const std::size_t of_list = in_.below(16);
    // The last buffer of views says how much memory the others have: nobody lies about that.
    const bool may_drop_last = format != "vu";
    if (of_list == 1 && may_drop_last) a.n_buffers = std::max<std::int64_t>(0, a.n_buffers - 1);
    a.buffers = of_list == 2 ? nullptr : buffers.data();
    if (f.has_dictionary && &f.format == &format && in_.below(8) != 1) {
      a.dictionary = array_of(f, f.dictionary_format);
    }
    return &a;
  }

  // Buffers of that type for `rows` rows: bits of who is present, then what the type has.
  void fill(std::vector<const void*>& buffers, const std::string& format, std::size_t rows) {
    buffers.push_back(in_.below(2) == 0 ? nullptr : bytes(rows / 8 + 1));
    if (format == "u") return texts<std::int32_t>(buffers, rows);
    if (format == "U") return texts<std::int64_t>(buffers, rows);
    if (format == "vu") return views(buffers, rows);
    buffers.push_back(bytes(rows * 8 + 8));  // no other type has wider items
  }
  const void* bytes(std::size_t size) {
    std::string& made = memory_.emplace_back(size, '\0');
    const std::string pattern = in_.text();
    for (std::size_t i = 0; i < size && !pattern.empty(); ++i)
      made[i] = pattern[i % pattern.size()];
    return made.data();
  }
  // Positions lie in the text or one before it; they may fall.
  template <typename Offset>
  void texts(std::vector<const void*>& buffers, std::size_t rows) {
    constexpr std::size_t text_size = 24;
    std::string& positions = memory_.emplace_back();
    Offset at = 0;
    for (std::size_t i = 0; i <= rows; ++i) {
      const std::uint8_t step = in_.byte();
      if (step == 0xFE) at = -1;
      if (step == 0xFD) at = 0;
      at = std::min<Offset>(text_size, static_cast<Offset>(at + (step % 4)));
      positions.append(reinterpret_cast<const char*>(&at), sizeof at);
    }
    buffers.push_back(positions.data());
    buffers.push_back(bytes(text_size));
  }
  // Views may say anything: the last buffer has the sizes that they are to be held against.
  void views(std::vector<const void*>& buffers, std::size_t rows) {
    buffers.push_back(bytes(rows * 16));
    const std::uint8_t b = in_.byte();
    std::string& sizes = memory_.emplace_back();
    for (int i = 0; i < b % 3; ++i) {
      constexpr std::int64_t owned = 20;
      const std::int64_t size = b < 0xF0 ? owned : std::numeric_limits<std::int64_t>::min();
      buffers.push_back(bytes(owned));
      sizes.append(reinterpret_cast<const char*>(&size), sizeof size);
    }
    buffers.push_back(sizes.data());
  }

  script& in_;
  unsigned behaviour_;
  int live_ = 0;
  std::vector<field> fields_;
  std::size_t chunks_ = 0;
  std::deque<ArrowSchema> schemas_;
  std::deque<ArrowArray> arrays_;
  std::deque<std::vector<ArrowSchema*>> schema_children_;
  std::deque<std::vector<ArrowArray*>> array_children_;
  std::deque<std::vector<const void*>> buffers_;
  std::deque<std::string> memory_;
};

using arrow_ptr = std::unique_ptr<clv_arrow, frees<clv_arrow_free>>;

// libclv's own tables come back as they went.
void expect_same_again(const clv_result& table) {
  ArrowArrayStream stream{};
  require(clv_result_export(&table, &stream, nullptr) == CLV_OK, "a table is exported");
  clv_arrow* made = nullptr;
  require(clv_arrow_import(&stream, &made, nullptr) == CLV_OK, "an export is imported");
  const arrow_ptr again(made);
  clv_batch batch = CLV_SIZED(clv_batch);
  require(clv_arrow_batch(made, &batch, nullptr) == CLV_OK, "an import is a batch");
  require(batch.n_rows == clv_result_rows(&table), "with as many rows");
  require(batch.n_columns == static_cast<std::uint32_t>(clv_result_columns(&table)),
          "and as many columns");
}

// Every verb reads a batch as this one does, to the last byte of every column.
void read_with_a_verb(const clv_arrow& table) {
  clv_batch batch = CLV_SIZED(clv_batch);
  require(clv_arrow_batch(&table, &batch, nullptr) == CLV_OK, "an import is a batch");
  const result_ptr replayed = table_of(
      [&](clv_job** job, clv_diag* diag) { return clv_replay_begin(nullptr, &batch, job, diag); });
  const result_ptr summary = table_of([&](clv_job** job, clv_diag* diag) {
    return clv_summarize_begin(nullptr, &batch, job, diag);
  });
  if (summary != nullptr) expect_same_again(*summary);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  script in(text_of(data, size));
  producer from(in);
  ArrowArrayStream stream = from.stream();
  const diag_ptr diag(clv_diag_new());
  clv_arrow* made = nullptr;
  const clv_status status = clv_arrow_import(&stream, &made, diag.get());
  require(stream.release == nullptr, "the stream is released, whatever becomes of it");
  require(succeeded(status, diag.get()) == (made != nullptr), "a table just when it is said");
  const arrow_ptr table(made);
  if (made != nullptr) read_with_a_verb(*made);
  return 0;
}
