// What a store in PostgreSQL must survive: the death of its writer, of the server, of the
// connection. A server of the test's own, which syncs as it does in earnest.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <thread>

#include "clv/error.hpp"
#include "clv_storage_postgres.h"
#include "storage.hpp"
#include "store/database.hpp"
#include "store/transactions.hpp"

using namespace clv;
using store::database;

namespace {

constexpr std::int64_t rows_a_batch = 50;

class server {
 public:
  server() : folder_("/tmp/clv-pg-" + std::to_string(getpid())) { started_ = run("start"); }
  ~server() { run("stop"); }
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  int started() const { return started_; }  // 77: there is no PostgreSQL here
  int run(const std::string& action, const std::string& more = "") const {
    const std::string command =
        std::string(CLV_POSTGRES_PROGRAM) + " " + action + " " + folder_ + " " + more;
    const int how = std::system(command.c_str());  // NOLINT: our own script
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
  }
  std::string name(const std::string& schema) const {
    return "host=" + folder_ + " dbname=postgres user=clv options=-csearch_path=" + schema;
  }

 private:
  std::string folder_;
  int started_;
};

class postgres_faults : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_.emplace(); }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (server_->started() == 77) GTEST_SKIP() << "there is no PostgreSQL here";
    ASSERT_EQ(server_->started(), 0);
  }
  static store::database_options place(const std::string& schema, bool read_only = false) {
    return {.path = server_->name(schema),
            .read_only = read_only,
            .elsewhere = clv::abi::to_core(clv_storage_postgres())};
  }
  static std::optional<server> server_;
};
std::optional<server> postgres_faults::server_;

template <typename Call>
status status_of_call(const Call& call) {
  try {
    call();
  } catch (const error& e) {
    return e.details().code;
  }
  return status::ok;
}

void add_batch(database& d, std::int64_t batch) {
  store::transaction t(d.sql());
  store::log_writer writer(d.sql(), "shop");
  for (std::int64_t i = 0; i < rows_a_batch; ++i) {
    const std::string customer = "c" + std::to_string(i % 7);
    const std::string event = std::to_string(batch) + "." + std::to_string(i);
    const store::log_row row{.customer = customer,
                             .occurred_us = batch * 1000 + i,
                             .amount_minor = 100 + i,
                             .currency = "EUR",
                             .event_id = event};
    const std::int64_t number = writer.customer_id(customer);
    writer.add_event(row, number, i);
    writer.add(row, number, i);
  }
  writer.finish(rows_a_batch);
  t.commit();
}

// A process that commits batch after batch and says so, until it is killed or the server is gone.
struct writing_child {
  pid_t process = 0;
  int acknowledged = -1;  // one byte per batch that is durable
};

writing_child begin_writing(const store::database_options& where) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  writing_child child{.process = fork(), .acknowledged = ends[0]};
  if (child.process != 0) {
    close(ends[1]);
    return child;
  }
  try {
    database d(where);
    for (std::int64_t batch = store::read_log_state(d.sql()).rows / rows_a_batch;; ++batch) {
      add_batch(d, batch);
      if (write(ends[1], "", 1) != 1) _exit(98);
    }
  } catch (const error& e) {
    _exit(e.details().code == status::io ? 0 : 99);
  }
}

std::int64_t wait_for(const writing_child& child, int batches) {
  std::int64_t seen = 0;
  char byte = 0;
  while (seen < batches && read(child.acknowledged, &byte, 1) == 1) ++seen;
  return seen;
}

// What was acknowledged before the end, the last words in the pipe included; and how it ended.
std::int64_t end_of(const writing_child& child, int& how) {
  waitpid(child.process, &how, 0);
  std::int64_t more = 0;
  char byte = 0;
  while (read(child.acknowledged, &byte, 1) == 1) ++more;
  close(child.acknowledged);
  return more;
}

// Reads the whole log, which compares it with its checksum. The server frees a dead writer's lock
// when it notices, and is busy after a crash: waits for that, a minute at most.
std::int64_t rows_of(const store::database_options& where) {
  std::optional<std::int64_t> rows;
  const auto patience = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!rows) {
    try {
      database d(where);
      store::log_reader log(d.sql(), store::log_reader::purpose::for_fit);
      while (log.read(1000) < 1.0) {
      }
      rows = static_cast<std::int64_t>(log.take()->rows());
    } catch (const error& e) {
      const bool soon = e.details().code == status::busy || e.details().code == status::io;
      if (!soon || std::chrono::steady_clock::now() > patience) throw;
      std::this_thread::yield();
    }
  }
  return *rows;
}

}  // namespace

TEST_F(postgres_faults, a_killed_writer_loses_nothing_acknowledged_and_leaves_nothing_half) {
  const auto where = place("killed");
  std::int64_t acknowledged = 0;
  for (const int batches : {1, 3, 7, 12}) {
    const writing_child child = begin_writing(where);
    acknowledged += wait_for(child, batches);
    kill(child.process, SIGKILL);
    int how = 0;
    acknowledged += end_of(child, how);
    EXPECT_TRUE(WIFSIGNALED(how));
    const std::int64_t rows = rows_of(where);
    EXPECT_EQ(rows % rows_a_batch, 0);
    EXPECT_GE(rows, acknowledged * rows_a_batch);
    EXPECT_LE(rows, (acknowledged + 1) * rows_a_batch);  // one commit may be unacknowledged
    acknowledged = rows / rows_a_batch;
  }
}

TEST_F(postgres_faults, a_killed_server_loses_nothing_acknowledged_and_the_writer_hears_of_it) {
  const auto where = place("crash");
  std::int64_t acknowledged = 0;
  for (const int batches : {2, 9}) {
    const writing_child child = begin_writing(where);
    acknowledged += wait_for(child, batches);
    ASSERT_EQ(server_->run("kill"), 0);
    int how = 0;
    acknowledged += end_of(child, how);
    EXPECT_EQ(how, 0);  // it ended by itself, with CLV_E_IO
    ASSERT_EQ(server_->run("restart"), 0);
    const std::int64_t rows = rows_of(where);
    EXPECT_EQ(rows % rows_a_batch, 0);
    EXPECT_GE(rows, acknowledged * rows_a_batch);
    EXPECT_LE(rows, (acknowledged + 1) * rows_a_batch);
    acknowledged = rows / rows_a_batch;
  }
}

TEST_F(postgres_faults, a_lost_connection_is_io_until_the_store_is_opened_anew) {
  const auto where = place("lost");
  {
    database d(where);
    add_batch(d, 0);
    store::transaction t(d.sql());
    d.sql().execute("INSERT INTO customer(ext_id) VALUES('half')");
    ASSERT_EQ(server_->run("kill"), 0);
    EXPECT_EQ(status_of_call([&] { t.commit(); }), status::io);
    EXPECT_EQ(status_of_call([&] { d.sql().integer("SELECT count(*) FROM customer"); }),
              status::io);
    EXPECT_EQ(status_of_call([&] { add_batch(d, 1); }), status::io);
  }
  EXPECT_EQ(status_of_call([&] { database again(where); }), status::io);
  ASSERT_EQ(server_->run("restart"), 0);
  EXPECT_EQ(rows_of(where), rows_a_batch);
  database d(where);
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM customer WHERE ext_id = 'half'"), 0);
}

TEST_F(postgres_faults, one_writes_at_a_time_and_readers_keep_their_snapshot) {
  database writer(place("busy"));
  add_batch(writer, 0);
  EXPECT_EQ(status_of_call([&] { database second(place("busy")); }), status::busy);
  EXPECT_EQ(status_of_call([&] { database other(place("other")); }), status::ok);
  database reader(place("busy", true));
  const store::transaction snapshot(reader.sql(), store::transaction::purpose::read);
  EXPECT_EQ(store::read_log_state(reader.sql()).rows, rows_a_batch);
  add_batch(writer, 1);
  EXPECT_EQ(store::read_log_state(reader.sql()).rows, rows_a_batch);
  EXPECT_NE(status_of_call([&] { reader.sql().execute("DELETE FROM txn"); }), status::ok);
}

TEST_F(postgres_faults, values_come_back_to_the_last_bit_and_texts_in_the_order_of_their_bytes) {
  database d(place("values"));
  const std::array<double, 6> numbers{-0.0,
                                      0.1,
                                      std::numeric_limits<double>::max(),
                                      std::numeric_limits<double>::denorm_min(),
                                      -1.0 / 3,
                                      5e-324};
  store::transaction t(d.sql());
  d.sql().execute("CREATE TABLE numbers(id INTEGER PRIMARY KEY, value REAL, same ANY) STRICT");
  store::statement add(d.sql(), "INSERT INTO numbers VALUES(?, ?2, ?2)");
  std::int64_t id = 0;
  for (const double value : numbers) add.bind(1, ++id).bind(2, value).run();
  store::statement read(d.sql(), "SELECT value, same FROM numbers ORDER BY id");
  for (const double value : numbers) {
    ASSERT_TRUE(read.step());
    EXPECT_EQ(std::bit_cast<std::uint64_t>(read.number(0)), std::bit_cast<std::uint64_t>(value));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(read.number(1)), std::bit_cast<std::uint64_t>(value));
  }
  store::statement customer(d.sql(), "INSERT INTO customer(ext_id) VALUES(?)");
  for (const std::string_view id_text : {"b", "B", "\xc3\xa4", "a b", "a"}) {
    customer.bind(1, id_text).run();
  }
  store::statement ids(d.sql(), "SELECT ext_id FROM customer ORDER BY ext_id");
  for (const std::string_view id_text : {"B", "a", "a b", "b", "\xc3\xa4"}) {
    ASSERT_TRUE(ids.step());
    EXPECT_EQ(ids.text(0), id_text);
  }
  ids.reset();
  const std::string_view nul("a\0b", 3);
  EXPECT_EQ(status_of_call([&] { customer.bind(1, nul); }), status::data);
}

TEST_F(postgres_faults, a_dump_of_the_schema_can_be_restored_and_written_to) {
  const std::string file = "/tmp/clv-pg-" + std::to_string(getpid()) + ".dump";
  {
    database d(place("dumped"));
    add_batch(d, 0);
    store::transaction t(d.sql());
    d.sql().execute("CREATE TABLE any_values(id INTEGER PRIMARY KEY, value ANY) STRICT");
    store::statement add(d.sql(), "INSERT INTO any_values VALUES(?, ?)");
    add.bind(1, std::int64_t{1}).bind(2, .1).run();
    add.bind(1, std::int64_t{2}).bind(2, std::string_view("text")).run();
    t.commit();
  }
  ASSERT_EQ(server_->run("tool", "pg_dump -n dumped -Fc -f " + file), 0);
  ASSERT_EQ(server_->run("tool",
                         "psql -q -c 'SET client_min_messages = error' "
                         "-c 'DROP SCHEMA dumped CASCADE'"),
            0);
  ASSERT_EQ(server_->run("tool", "pg_restore --exit-on-error " + file), 0);
  unlink(file.c_str());
  EXPECT_EQ(rows_of(place("dumped")), rows_a_batch);
  database d(place("dumped"));
  add_batch(d, 1);
  store::transaction t(d.sql());
  store::statement add(d.sql(), "INSERT INTO any_values VALUES(?, ?)");
  add.bind(1, std::int64_t{3}).bind(2, std::int64_t{7}).run();
  t.commit();
  store::statement read(d.sql(), "SELECT CAST(value AS REAL) FROM any_values ORDER BY id");
  ASSERT_TRUE(read.step());
  EXPECT_EQ(read.number(0), .1);
  ASSERT_TRUE(read.step());
  ASSERT_TRUE(read.step());
  EXPECT_EQ(read.number(0), 7);
}

TEST_F(postgres_faults, a_schemas_name_is_the_one_that_was_asked_for) {
  const auto make = [](const std::string& name) { database d(place(name)); };
  make("Folded");  // as PostgreSQL reads what is not quoted
  EXPECT_EQ(status_of_call([&] { const database second(place("folded", true)); }), status::ok);
  // The first one counts, although the second is there.
  EXPECT_EQ(status_of_call([&] { const database none(place("missing,folded", true)); }),
            status::io);
  make("missing,folded");
  EXPECT_EQ(status_of_call([&] { const database now(place("missing", true)); }), status::ok);
  EXPECT_EQ(status_of_call([&] { make(std::string(64, 'n')); }), status::unsupported);
  EXPECT_EQ(status_of_call([&] { make(std::string(63, 'n')); }), status::ok);
}

TEST_F(postgres_faults, what_is_told_of_a_malformed_place_holds_nothing_of_it) {
  for (const std::string& malformed : {place("x").path + " open sesame",
                                       std::string("postgresql://clvd:pa@sesame@db/crm"),
                                       std::string("postgresql://clvd:4/sesame@db/crm")}) {
    const store::database_options where{.path = malformed,
                                        .elsewhere = clv::abi::to_core(clv_storage_postgres())};
    try {
      const database d(where);
      FAIL() << "it was opened";
    } catch (const error& e) {
      EXPECT_EQ(e.details().code, status::invalid);
      EXPECT_EQ(std::string(e.what()).find("sesame"), std::string::npos) << e.what();
    }
  }
}

TEST_F(postgres_faults, a_text_that_was_read_may_be_bound_elsewhere_until_the_next_step) {
  database d(place("lent"));
  add_batch(d, 0);
  store::statement outer(d.sql(), "SELECT 'ana' || seq FROM txn ORDER BY seq");
  store::statement inner(d.sql(), "SELECT length(?)");
  ASSERT_TRUE(outer.step());
  const std::string_view read = outer.text(0);
  inner.bind(1, read);
  ASSERT_TRUE(inner.step());  // now outer's other rows are taken over
  EXPECT_EQ(inner.integer(0), static_cast<std::int64_t>(read.size()));
  EXPECT_EQ(read, outer.text(0));
}

TEST_F(postgres_faults, a_statement_between_rows_leaves_room_for_others) {
  database d(place("nested"));
  for (std::int64_t batch = 0; batch < 3; ++batch) add_batch(d, batch);
  store::statement outer(d.sql(), "SELECT seq FROM txn ORDER BY seq");
  store::statement inner(d.sql(), "SELECT seq FROM txn WHERE seq = ?");
  std::int64_t seen = 0;
  while (outer.step()) {
    inner.bind(1, outer.integer(0));
    ASSERT_TRUE(inner.step());
    EXPECT_EQ(inner.integer(0), outer.integer(0));
    inner.reset();
    ++seen;
  }
  EXPECT_EQ(seen, 3 * rows_a_batch);
}

TEST_F(postgres_faults, another_programs_schema_is_refused_and_not_touched) {
  {
    const auto opened =
        clv::abi::to_core(clv_storage_postgres())->open(server_->name("theirs"), false);
    opened.connection->execute("CREATE TABLE invoices(id INTEGER PRIMARY KEY)");
  }
  EXPECT_EQ(status_of_call([&] { database d(place("theirs")); }), status::corrupt);
  const auto opened =
      clv::abi::to_core(clv_storage_postgres())->open(server_->name("theirs"), true);
  EXPECT_EQ(opened.connection->count_tables(""), 1);
}
