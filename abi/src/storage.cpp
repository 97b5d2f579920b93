#include "storage.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>
#include <string_view>

#include "sized.hpp"

namespace clv::abi {
namespace {

std::string_view hint_for(status code) {
  switch (code) {
    case status::busy:
      return "one engine writes at a time: close the other one, or open this one read only";
    case status::io:
      return "check that the database runs and can be reached, then open the store again";
    case status::full:
      return "make room where the database keeps its data";
    case status::corrupt:
      return "restore the store from a backup of the database";
    case status::data:
      return "take the character out of the text";
    default:
      return "";
  }
}

// A driver's word is not trusted to be one of ours.
status status_of(clv_status given) {
  if (given < 0 && given >= CLV_E_FULL) return static_cast<status>(given);
  return status::internal;
}

// What a connection and its statements share.
struct driver {
  clv_storage call{};
  std::string label;

  void check(clv_status given, const clv_storage_connection* of) const {
    if (given >= 0) return;
    const status code = status_of(given);
    if (code == status::no_memory) throw error(code, label + ": out of memory");
    const char* why = call.last_error(of);
    throw error(code,
                label + ": " + (why == nullptr ? "the storage failed" : why),
                std::string(hint_for(code)));
  }
};

class foreign_statement final : public storage_statement {
 public:
  foreign_statement(const driver& by, clv_storage_connection* owner, std::string_view sql)
      : driver_(&by), owner_(owner) {
    check(by.call.prepare(owner, sql.data(), static_cast<std::int64_t>(sql.size()), &handle_));
  }
  ~foreign_statement() override { driver_->call.finalize(handle_); }
  foreign_statement(const foreign_statement&) = delete;
  foreign_statement& operator=(const foreign_statement&) = delete;

  void bind(int index, std::int64_t value) override {
    check(driver_->call.bind_i64(handle_, index, value));
  }
  void bind(int index, double value) override {
    check(driver_->call.bind_f64(handle_, index, value));
  }
  void bind(int index, std::string_view value) override {
    const char* first = value.data() == nullptr ? "" : value.data();
    check(driver_->call.bind_text(handle_, index, first, static_cast<std::int64_t>(value.size())));
  }
  void bind_null(int index) override { check(driver_->call.bind_null(handle_, index)); }

  bool step() override {
    const clv_status s = driver_->call.step(handle_);
    check(s);
    return s != CLV_END;
  }
  void run() override { check(driver_->call.run(handle_)); }
  void reset() override { driver_->call.reset(handle_); }
  void queue() override { check(driver_->call.queue(handle_)); }
  outcome next_outcome() override {
    outcome o;
    check(driver_->call.outcome(handle_, &o.rows, &o.value));
    return o;
  }

  bool is_null(int column) const override {
    return driver_->call.column_type(handle_, column) == CLV_STORAGE_NULL;
  }
  std::int64_t integer(int column) const override {
    expect(column, CLV_STORAGE_INTEGER);
    return driver_->call.column_i64(handle_, column);
  }
  double number(int column) const override {
    expect(column, CLV_STORAGE_REAL);
    return driver_->call.column_f64(handle_, column);
  }
  std::string_view text(int column) const override {
    expect(column, CLV_STORAGE_TEXT);
    std::int64_t size = 0;
    const char* data = driver_->call.column_text(handle_, column, &size);
    if (data == nullptr && size > 0) driver_->check(CLV_E_NO_MEMORY, owner_);
    return {data, static_cast<std::size_t>(std::max<std::int64_t>(0, size))};
  }

 private:
  void check(clv_status given) const { driver_->check(given, owner_); }
  void expect(int column, std::int32_t kind) const {
    if (driver_->call.column_type(handle_, column) == kind) return;
    throw error(status::corrupt,
                driver_->label + " is damaged: column " + std::to_string(column + 1) +
                    " of an answer holds a value of the wrong kind",
                std::string(hint_for(status::corrupt)));
  }

  const driver* driver_;
  clv_storage_connection* owner_;
  clv_storage_statement* handle_ = nullptr;
};

class foreign_connection final : public storage_connection {
 public:
  foreign_connection(const clv_storage& functions, const std::string& name, std::uint32_t mode) {
    driver_.call = functions;
    driver_.label = "the store";
    const clv_status opened = functions.open(functions.ctx, name.c_str(), mode, &handle_);
    if (handle_ == nullptr) throw error(status::no_memory, driver_.label + ": out of memory");
    try {
      const char* label = functions.label(handle_);
      if (label != nullptr) driver_.label = label;
      check(opened);
    } catch (...) {
      functions.close(handle_);
      throw;
    }
  }
  ~foreign_connection() override { driver_.call.close(handle_); }
  foreign_connection(const foreign_connection&) = delete;
  foreign_connection& operator=(const foreign_connection&) = delete;

  const std::string& label() const { return driver_.label; }

  std::unique_ptr<storage_statement> prepare(std::string_view sql) override {
    return std::make_unique<foreign_statement>(driver_, handle_, sql);
  }
  void execute(const std::string& sql) override {
    check(driver_.call.execute(handle_, sql.data(), static_cast<std::int64_t>(sql.size())));
  }
  std::int64_t changes() override {
    std::int64_t rows = 0;
    check(driver_.call.changes(handle_, &rows));
    return rows;
  }
  std::int64_t count_tables(const std::string& name) override {
    std::int64_t tables = 0;
    const char* which = name.empty() ? nullptr : name.c_str();
    check(driver_.call.count_tables(handle_, which, &tables));
    return tables;
  }
  void begin(purpose what) override {
    const bool write = what == purpose::write;
    check(driver_.call.begin(handle_, write ? CLV_STORAGE_WRITE : CLV_STORAGE_READ));
  }
  void commit() override { check(driver_.call.commit(handle_)); }
  void rollback() noexcept override { driver_.call.rollback(handle_); }

 private:
  void check(clv_status given) const { driver_.check(given, handle_); }

  driver driver_;
  clv_storage_connection* handle_ = nullptr;
};

class foreign_storage final : public storage {
 public:
  explicit foreign_storage(const clv_storage& functions) : functions_(functions) {}
  opened open(const std::string& name, bool read_only) override {
    const std::uint32_t mode = read_only ? CLV_STORAGE_READ : CLV_STORAGE_WRITE;
    auto made = std::make_unique<foreign_connection>(functions_, name, mode);
    std::string label = made->label();
    return {.connection = std::move(made), .label = std::move(label)};
  }

 private:
  clv_storage functions_;
};

// Behind `ctx` there are only functions, each of the size of a pointer, and none may be missing.
void require_all(const clv_storage& s) {
  using any_function = void (*)();
  static_assert(sizeof(any_function) == sizeof(s.open));
  constexpr std::size_t first = offsetof(clv_storage, open);
  for (std::size_t at = first; at < sizeof s; at += sizeof(any_function)) {
    any_function f = nullptr;
    std::memcpy(&f, reinterpret_cast<const char*>(&s) + at, sizeof f);
    if (f != nullptr) continue;
    throw error(status::invalid,
                "storage: function " + std::to_string((at - first) / sizeof f + 1) +
                    " of clv_storage is missing",
                "give every function; one that the database has no use for may do nothing");
  }
}

}  // namespace

std::shared_ptr<storage> to_core(const clv_storage* functions) {
  if (functions == nullptr) return nullptr;
  const clv_storage s = read_sized(functions, "storage");
  if (s.abi >> 16U != CLV_ABI_MAJOR) {
    throw error(status::abi,
                "storage: it was built for ABI " + std::to_string(s.abi >> 16U) +
                    ", this libclv has ABI " + std::to_string(CLV_ABI_MAJOR),
                "install the storage's release for this libclv");
  }
  require_all(s);
  return std::make_shared<foreign_storage>(s);
}

}  // namespace clv::abi
