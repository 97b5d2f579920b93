#include "store/request_log.hpp"

#include "store/savepoint.hpp"
#include "store_support.hpp"

using namespace clv;
using store::answer;
using store::database;
using store::request_log;
using store::savepoint;

namespace {

answer counted(std::int64_t accepted) {
  return {.body_hash = "h" + std::to_string(accepted), .accepted = accepted};
}

}  // namespace

TEST(request_log, gives_back_what_was_kept) {
  database d({});
  request_log log(d.sql());
  EXPECT_FALSE(log.find({"k", 0}));
  log.keep({"k", 0},
           {.body_hash = "h", .accepted = 3, .duplicates = 2, .rejected = 1, .rejects = "[]"},
           5);
  const auto found = log.find({"k", 0});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->body_hash, "h");
  EXPECT_EQ(found->accepted, 3);
  EXPECT_EQ(found->duplicates, 2);
  EXPECT_EQ(found->rejected, 1);
  EXPECT_EQ(found->rejects, "[]");
  EXPECT_FALSE(log.find({"k", 1}));
  EXPECT_EQ(log.last_sequence("k"), 0);
}

TEST(request_log, keeps_the_last_answers_of_each_stream) {
  database d({});
  request_log log(d.sql());
  log.keep({"other", 1}, counted(1), 0);
  for (std::int64_t i = 1; i <= store::answers_of_a_stream + 2; ++i) {
    log.keep({"s", i}, counted(i), 0);
  }
  EXPECT_FALSE(log.find({"s", 2}));
  EXPECT_EQ(log.find({"s", 3})->accepted, 3);
  EXPECT_EQ(log.last_sequence("s"), store::answers_of_a_stream + 2);
  EXPECT_EQ(store::last_sequence(d.sql(), "s"), store::answers_of_a_stream + 2);
  EXPECT_TRUE(log.find({"other", 1}));
}

TEST(request_log, forgets_what_is_too_old_but_not_where_a_stream_is) {
  database d({});
  request_log log(d.sql());
  log.keep({"old", 0}, counted(1), 10);
  log.keep({"young", 0}, counted(1), 11);
  log.keep({"timeless", 0}, counted(1), 0);
  log.keep({"stream", 1}, counted(1), 10);
  log.forget_expired(11 + store::answers_stay_us);
  EXPECT_FALSE(log.find({"old", 0}));
  EXPECT_TRUE(log.find({"young", 0}));
  EXPECT_TRUE(log.find({"timeless", 0}));
  EXPECT_FALSE(log.find({"stream", 1}));
  EXPECT_EQ(log.last_sequence("stream"), 1);
}

TEST(savepoint, is_undone_unless_it_is_kept) {
  database d({});
  store::transaction all(d.sql());
  const auto customers = [&] { return d.sql().integer("SELECT count(*) FROM customer"); };
  const auto add = [&](const char* id) {
    d.sql().execute("INSERT INTO customer(ext_id) VALUES('" + std::string(id) + "')");
  };
  {
    savepoint s(d.sql());
    add("kept");
    s.keep();
  }
  {
    savepoint s(d.sql());
    add("dropped");
  }
  {
    savepoint s(d.sql());
    add("undone");
    s.undo();
    EXPECT_EQ(customers(), 1);
  }
  all.commit();
  EXPECT_EQ(d.sql().text("SELECT max(ext_id) FROM customer"), "kept");
}

TEST(savepoint, ends_quietly_when_its_transaction_is_gone_already) {
  database d({});
  store::transaction all(d.sql());
  {
    savepoint s(d.sql());
    d.sql().execute("INSERT INTO customer(ext_id) VALUES('ann')");
    d.sql().execute("ROLLBACK");  // as SQLite does by itself when the disk is full
  }
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM customer"), 0);
}
