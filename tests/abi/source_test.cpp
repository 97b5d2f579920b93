// clv_source: hosts whose events lie in a database or a file of their own, and hosts that are
// wrong.
#include <sqlite3.h>

#include <cfenv>
#include <cstdio>
#include <fstream>
#include <functional>
#include <limits>
#include <stdexcept>

#include "support.hpp"

namespace {

using namespace clv_test;

// The rows of one batch in arrays of the host's own, used again for the next batch.
class host_rows {
 public:
  void clear() {
    customer_ = text_column("customer", {});
    time_.clear();
    amount_.clear();
  }
  void add(const std::string& customer, int64_t time_us, int64_t cents) {
    customer_.chars += customer;
    customer_.offsets.push_back(static_cast<int64_t>(customer_.chars.size()));
    time_.push_back(time_us);
    amount_.push_back(cents);
  }
  int64_t size() const { return static_cast<int64_t>(time_.size()); }
  void show(clv_batch* out) {
    columns_ = {customer_.column(),
                integer_column("time", CLV_T_TIME, time_),
                integer_column("amount", CLV_T_MONEY, amount_)};
    columns_[2].unit = "EUR";
    out->n_columns = static_cast<uint32_t>(columns_.size());
    out->n_rows = size();
    out->columns = columns_.data();
  }

 private:
  text_column customer_{"customer", {}};
  std::vector<int64_t> time_, amount_;
  std::vector<clv_column> columns_;
};

// A host: what each call of `next` does, and how often it was released.
struct host {
  std::function<clv_status(host&, clv_batch*)> next;
  const char* why = nullptr;
  int released = 0;
  int calls = 0;
  host_rows rows = {};
};

clv_source source_of(host& h) {
  clv_source s = CLV_SIZED(clv_source);
  s.ctx = &h;
  s.next = [](void* ctx, clv_batch* out) {
    auto& self = *static_cast<host*>(ctx);
    ++self.calls;
    return self.next(self, out);
  };
  s.last_error = [](void* ctx) { return static_cast<host*>(ctx)->why; };
  s.release = [](void* ctx) { ++static_cast<host*>(ctx)->released; };
  return s;
}

// `batches` of two purchases each, of customers of their own.
host two_a_batch(int batches) {
  return {.next = [batches](host& h, clv_batch* out) -> clv_status {
    if (h.calls > batches) return CLV_END;
    h.rows.clear();
    for (int i = 0; i < 2; ++i) h.rows.add("c" + std::to_string(2 * h.calls + i), 86400000000, 100);
    h.rows.show(out);
    return CLV_OK;
  }};
}

class source : public testing::Test {
 protected:
  static engine_ptr open(const std::string& path = {}) {
    clv_engine_options o = CLV_SIZED(clv_engine_options);
    o.path = path.c_str();
    clv_engine* made = nullptr;
    EXPECT_EQ(clv_engine_open(&o, &made, nullptr), CLV_OK);
    return engine_ptr(made);
  }
  job_ptr begin(host& h) {
    const clv_source s = source_of(h);
    clv_job* made = nullptr;
    EXPECT_EQ(clv_engine_ingest_source_begin(engine_.get(), nullptr, &s, &made, diag_.get()),
              CLV_OK)
        << said(diag_);
    return job_ptr(made);
  }
  // The status that the job ends with, the host released by then.
  clv_status run(host& h) {
    clv_diag_clear(diag_.get());
    job_ptr job = begin(h);
    const clv_status done = clv_job_step(job.get(), 0, diag_.get());
    EXPECT_EQ(h.released, 0) << "while the job lives";
    job.reset();
    EXPECT_EQ(h.released, 1);
    return done;
  }
  int64_t stored() {
    clv_result* rows = nullptr;
    const clv_status read = read_stored(engine_.get(), "transactions", &rows, nullptr);
    const result_ptr held(rows);
    return read == CLV_OK ? clv_result_rows(rows) : 0;
  }

  diag_ptr diag_ = new_diag();
  engine_ptr engine_ = open();
};

struct closes_database {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct finalizes_query {
  void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};

// A shop of its own, in a table libclv knows nothing of.
std::unique_ptr<sqlite3, closes_database> shop_database(const std::string& path) {
  sqlite3* made = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &made), SQLITE_OK);
  std::unique_ptr<sqlite3, closes_database> db(made);
  const char* sql =
      "CREATE TABLE orders(id INTEGER PRIMARY KEY, buyer TEXT, paid_at INTEGER, cents INTEGER);"
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)"
      "INSERT INTO orders SELECT i, 'buyer ' || (i % 700), 1700000000 + i * 5000, 500 + i % 97 "
      "FROM n;";
  EXPECT_EQ(sqlite3_exec(db.get(), sql, nullptr, nullptr, nullptr), SQLITE_OK);
  return db;
}

TEST_F(source, reads_another_sqlite_database_in_batches) {
  const std::string path = testing::TempDir() + "/orders.db";
  std::remove(path.c_str());
  const auto db = shop_database(path);
  sqlite3_stmt* made = nullptr;
  ASSERT_EQ(
      sqlite3_prepare_v2(db.get(), "SELECT buyer, paid_at, cents FROM orders", -1, &made, nullptr),
      SQLITE_OK);
  const std::unique_ptr<sqlite3_stmt, finalizes_query> query(made);
  bool more = true;
  host h{.next = [&](host& self, clv_batch* out) -> clv_status {
    if (!more) return CLV_END;
    self.rows.clear();
    while (self.rows.size() < 512 && (more = sqlite3_step(query.get()) == SQLITE_ROW)) {
      const auto* buyer = reinterpret_cast<const char*>(sqlite3_column_text(query.get(), 0));
      self.rows.add(buyer,
                    sqlite3_column_int64(query.get(), 1) * 1000000,
                    sqlite3_column_int64(query.get(), 2));
    }
    self.rows.show(out);
    return CLV_OK;
  }};
  EXPECT_EQ(run(h), CLV_OK) << said(diag_);
  EXPECT_EQ(h.calls, 11);  // ten batches, the last one short, and the end
  EXPECT_EQ(stored(), 5000);
}

TEST_F(source, reads_a_file_of_the_hosts_own_format) {
  const std::string path = testing::TempDir() + "/sales.txt";
  std::ofstream(path) << "1700000000|ann|250\n1700086400|bob|1999\n1700172800|Zoë|1\n";
  std::ifstream file(path);
  host h{.next = [&](host& self, clv_batch* out) -> clv_status {
    self.rows.clear();
    std::string line;
    if (!std::getline(file, line)) return CLV_END;
    const std::size_t first = line.find('|'), second = line.rfind('|');
    self.rows.add(line.substr(first + 1, second - first - 1),
                  std::stoll(line.substr(0, first)) * 1000000,
                  std::stoll(line.substr(second + 1)));
    self.rows.show(out);
    return CLV_OK;
  }};
  EXPECT_EQ(run(h), CLV_OK) << said(diag_);
  EXPECT_EQ(stored(), 3);
}

TEST_F(source, that_fails_ends_the_job_with_its_status_and_words) {
  host h = two_a_batch(3);
  h.next = [batch = h.next](host& self, clv_batch* out) -> clv_status {
    return self.calls < 3 ? batch(self, out) : static_cast<clv_status>(CLV_E_PERMISSION);
  };
  h.why = "the queue wants a password";
  EXPECT_EQ(run(h), CLV_E_PERMISSION);
  EXPECT_EQ(said(diag_), "the source failed: the queue wants a password");
  EXPECT_EQ(stored(), 0);
}

TEST_F(source, may_fail_without_a_word) {
  host h{.next = [](host&, clv_batch*) -> clv_status { return CLV_E_IO; }};
  EXPECT_EQ(run(h), CLV_E_IO);
  EXPECT_EQ(said(diag_), "the source failed without a word");
}

TEST_F(source, that_throws_is_contained) {
  host h{.next = [](host&, clv_batch*) -> clv_status { throw std::runtime_error("no line"); }};
  EXPECT_EQ(run(h), CLV_E_IO);
  EXPECT_EQ(said(diag_), "the source threw 'no line'");
  h = {.next = [](host&, clv_batch*) -> clv_status { throw 7; }};
  EXPECT_EQ(run(h), CLV_E_IO);
}

TEST_F(source, that_returns_what_next_cannot_mean_is_refused) {
  for (const clv_status wrong : {7, -4711, static_cast<clv_status>(CLV_MORE)}) {
    host h{.next = [=](host&, clv_batch*) { return wrong; }};
    EXPECT_EQ(run(h), CLV_E_IO) << wrong;
    EXPECT_EQ(said(diag_),
              "the source returned " + std::to_string(wrong) + ", which `next` cannot mean");
  }
}

TEST_F(source, that_spoils_the_batch_is_refused) {
  host h = two_a_batch(1);
  h.next = [batch = h.next](host& self, clv_batch* out) {
    const clv_status done = batch(self, out);
    out->struct_size = 3;
    return done;
  };
  EXPECT_EQ(run(h), CLV_E_INVALID);
  h = two_a_batch(1);
  h.next = [batch = h.next](host& self, clv_batch* out) {
    const clv_status done = batch(self, out);
    out->n_rows = -1;
    return done;
  };
  EXPECT_EQ(run(h), CLV_E_INVALID);
  h = two_a_batch(1);
  h.next = [](host&, clv_batch* out) -> clv_status {
    out->n_rows = 5;
    return CLV_OK;
  };
  EXPECT_EQ(run(h), CLV_E_INVALID) << "no columns";
  EXPECT_EQ(stored(), 0);
}

TEST_F(source, tells_the_row_of_the_whole_for_text_that_is_wrong_in_a_later_batch) {
  host h = two_a_batch(3);
  h.next = [batch = h.next](host& self, clv_batch* out) -> clv_status {
    if (self.calls < 3) return batch(self, out);
    self.rows.clear();
    self.rows.add("fine", 0, 1);
    self.rows.add("\xff", 0, 1);
    self.rows.show(out);
    return CLV_OK;
  };
  EXPECT_EQ(run(h), CLV_E_INVALID);
  clv_diag_entry entry = CLV_SIZED(clv_diag_entry);
  ASSERT_EQ(clv_diag_get(diag_.get(), 0, &entry), CLV_OK);
  EXPECT_EQ(entry.row, 5);
  EXPECT_EQ(said(diag_).substr(0, 24), "row 6, column 'customer'");
}

// A batch that was copied and refused afterwards would have cost what the limit forbids: here there
// is nothing to be copied.
TEST_F(source, is_asked_for_its_rows_only_when_the_memory_limit_has_room_for_them) {
  clv_engine_options o = CLV_SIZED(clv_engine_options);
  o.memory_limit = 10'000'000;
  clv_engine* made = nullptr;
  ASSERT_EQ(clv_engine_open(&o, &made, nullptr), CLV_OK);
  engine_.reset(made);
  for (const int64_t rows : {int64_t{1} << 40, std::numeric_limits<int64_t>::max()}) {
    host h{.next = [rows](host& self, clv_batch* out) -> clv_status {
      self.rows.show(out);
      out->n_rows = rows;
      return CLV_OK;
    }};
    EXPECT_EQ(run(h), CLV_E_LIMIT) << rows;
    EXPECT_NE(said(diag_).find(std::to_string(rows) + " rows; the memory limit is 10000000"),
              std::string::npos)
        << said(diag_);
  }
}

TEST_F(source, gives_back_the_floating_point_environment_that_the_host_changed) {
  host h = two_a_batch(2);
  h.next = [batch = h.next](host& self, clv_batch* out) {
    std::fesetround(FE_UPWARD);
    return batch(self, out);
  };
  EXPECT_EQ(run(h), CLV_OK) << said(diag_);
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

TEST_F(source, is_asked_no_more_after_a_cancel_and_nothing_is_kept) {
  host h = two_a_batch(1000000);
  job_ptr job = begin(h);
  while (h.calls < 20) ASSERT_EQ(clv_job_step(job.get(), 1, nullptr), CLV_MORE);
  clv_job_cancel(job.get());
  const int before = h.calls;
  EXPECT_EQ(clv_job_step(job.get(), 0, nullptr), CLV_E_CANCELLED);
  EXPECT_EQ(h.calls, before);
  job.reset();
  EXPECT_EQ(h.released, 1);
  EXPECT_EQ(stored(), 0);
}

TEST_F(source, is_released_with_a_job_that_was_never_stepped) {
  host h = two_a_batch(1);
  begin(h).reset();
  EXPECT_EQ(h.released, 1);
  EXPECT_EQ(h.calls, 0);
}

TEST_F(source, is_not_released_when_the_job_could_not_begin) {
  host h = two_a_batch(1);
  clv_source s = source_of(h);
  clv_job* none = nullptr;
  const auto refused = [&](clv_engine* e, const clv_source* from) {
    return clv_engine_ingest_source_begin(e, nullptr, from, &none, diag_.get());
  };
  EXPECT_EQ(refused(nullptr, &s), CLV_E_INVALID);
  EXPECT_EQ(refused(engine_.get(), nullptr), CLV_E_INVALID);
  s.next = nullptr;
  EXPECT_EQ(refused(engine_.get(), &s), CLV_E_INVALID);
  s = source_of(h);
  s.struct_size = 5;
  EXPECT_EQ(refused(engine_.get(), &s), CLV_E_INVALID);
  s = source_of(h);
  s.spare = 1;
  EXPECT_EQ(refused(engine_.get(), &s), CLV_E_UNSUPPORTED);
  s = source_of(h);
  host other = two_a_batch(1);
  const job_ptr busy = begin(other);
  EXPECT_EQ(refused(engine_.get(), &s), CLV_E_CONFLICT);
  EXPECT_EQ(h.released, 0);
  EXPECT_EQ(none, nullptr);
}

TEST_F(source, needs_neither_last_error_nor_release) {
  host h{.next = [](host&, clv_batch*) -> clv_status { return CLV_E_IO; }};
  clv_source s = source_of(h);
  s.last_error = nullptr;
  s.release = nullptr;
  clv_job* made = nullptr;
  ASSERT_EQ(clv_engine_ingest_source_begin(engine_.get(), nullptr, &s, &made, nullptr), CLV_OK);
  const job_ptr job(made);
  EXPECT_EQ(clv_job_step(made, 0, diag_.get()), CLV_E_IO);
  EXPECT_EQ(said(diag_), "the source failed without a word");
}

TEST_F(source, may_not_use_the_engine_that_it_feeds) {
  host h = two_a_batch(1);
  clv_status inside = CLV_OK;
  h.next = [&, batch = h.next](host& self, clv_batch* out) {
    clv_result* none = nullptr;
    inside = read_stored(engine_.get(), "transactions", &none, nullptr);
    return batch(self, out);
  };
  EXPECT_EQ(run(h), CLV_OK) << said(diag_);
  EXPECT_EQ(inside, CLV_E_BUSY);
}

}  // namespace
