// Many senders' batches through C.
#include "clv_service.h"
#include "support.hpp"

namespace {

using namespace clv_test;

double group_number(const result_ptr& r, const char* column, int64_t row) {
  return clv_result_number(r.get(), clv_result_find(r.get(), column), row);
}

std::string group_text(const result_ptr& r, const char* column, int64_t row) {
  int64_t length = 0;
  const char* found = clv_result_text(r.get(), clv_result_find(r.get(), column), row, &length);
  return found == nullptr ? "" : std::string(found, static_cast<std::size_t>(length));
}

// Sales of one amount each; keeps its memory.
struct sales {
  sales(const std::vector<std::string>& customers, const std::vector<std::string>& events)
      : customer("customer", customers),
        event("event_id", events),
        times(customers.size(), 1'700'000'000'000'000),
        amounts(customers.size(), 1250),
        columns{customer.column(),
                event.column(),
                integer_column("time", CLV_T_TIME, times),
                integer_column("amount", CLV_T_MONEY, amounts)},
        rows(batch_of(columns, static_cast<int64_t>(customers.size()))) {
    batch.source = "shop";
    batch.currency = "EUR";
    batch.rows = &rows;
  }
  sales(const sales&) = delete;
  sales& operator=(const sales&) = delete;

  text_column customer, event;
  std::vector<int64_t> times, amounts;
  std::vector<clv_column> columns;
  clv_batch rows;
  clv_keyed_batch batch = CLV_SIZED(clv_keyed_batch);
};

class engine_group : public testing::Test {
 protected:
  engine_group() {
    clv_engine* made = nullptr;
    EXPECT_EQ(clv_engine_open(nullptr, &made, nullptr), CLV_OK);
    engine_.reset(made);
  }
  result_ptr group(const std::vector<const clv_keyed_batch*>& batches,
                   const char* table = nullptr) {
    return answer_of(
        [&](clv_job** job, clv_diag* diag) {
          return clv_engine_group_begin(engine_.get(),
                                        nullptr,
                                        batches.data(),
                                        static_cast<int32_t>(batches.size()),
                                        job,
                                        diag);
        },
        table);
  }
  clv_status begin(const clv_keyed_batch* batch) {
    clv_job* job = nullptr;
    const clv_status status =
        clv_engine_group_begin(engine_.get(), nullptr, &batch, 1, &job, nullptr);
    EXPECT_EQ(job == nullptr, status != CLV_OK);
    clv_job_free(job);
    return status;
  }
  int64_t rows_of(const char* table) {
    clv_result* made = nullptr;
    if (read_stored(engine_.get(), table, &made, nullptr) != CLV_OK) return 0;
    const result_ptr read(made);
    return clv_result_rows(read.get());
  }
  int64_t sequence(const char* key) {
    int64_t last = -1;
    EXPECT_EQ(clv_engine_sequence(engine_.get(), key, &last, nullptr), CLV_OK);
    return last;
  }

  engine_ptr engine_;
};

}  // namespace

TEST_F(engine_group, takes_the_batches_of_many_senders) {
  sales first({"ann", "bob"}, {"e1", "e2"}), second({"bob", "cy"}, {"e2", "e3"});
  const result_ptr r = group({&first.batch, &second.batch});
  ASSERT_EQ(clv_result_rows(r.get()), 2);
  EXPECT_EQ(group_number(r, "status", 0), CLV_OK);
  EXPECT_EQ(group_number(r, "accepted", 0), 2);
  EXPECT_EQ(group_number(r, "accepted", 1), 1);
  EXPECT_EQ(group_number(r, "duplicates", 1), 1);
  EXPECT_EQ(rows_of("transactions"), 3);
}

TEST_F(engine_group, of_none_answers_with_no_rows) {
  EXPECT_EQ(clv_result_rows(group({}).get()), 0);
}

TEST_F(engine_group, answers_rows_that_cannot_be_read_and_takes_the_others) {
  sales broken({"ann"}, {"e1"}), good({"bob"}, {"e2"});
  broken.columns.pop_back();
  broken.rows = batch_of(broken.columns, 1);
  const result_ptr r = group({&broken.batch, &good.batch});
  EXPECT_EQ(group_number(r, "status", 0), CLV_E_INVALID);
  EXPECT_NE(group_text(r, "message", 0).find("amount"), std::string::npos)
      << group_text(r, "message", 0);
  EXPECT_EQ(group_number(r, "status", 1), CLV_OK);
  EXPECT_EQ(rows_of("transactions"), 1);
}

TEST_F(engine_group, refuses_rows_one_by_one_with_the_flag) {
  sales wrong({"ann", ""}, {"e1", "e2"});
  EXPECT_EQ(group_number(group({&wrong.batch}), "status", 0), CLV_E_DATA);
  wrong.batch.flags = CLV_BATCH_PARTIAL;
  wrong.batch.key = "r1";
  const result_ptr rejects = group({&wrong.batch}, "rejects");
  ASSERT_EQ(clv_result_rows(rejects.get()), 1);
  EXPECT_EQ(group_number(rejects, "batch", 0), 0);
  EXPECT_EQ(group_number(rejects, "row", 0), 1);
  EXPECT_EQ(group_text(rejects, "column", 0), "customer");
  EXPECT_EQ(group_text(rejects, "reason", 0), "INVALID");
  EXPECT_EQ(group_number(group({&wrong.batch}), "repeated", 0), 1);
  EXPECT_EQ(group_number(group({&wrong.batch}), "rejected", 0), 1);
}

TEST_F(engine_group, only_validates_with_the_flag) {
  sales rows({"ann", "bob"}, {"e1", "e2"});
  rows.batch.flags = CLV_BATCH_VALIDATE_ONLY;
  rows.batch.key = "r1";
  EXPECT_EQ(group_number(group({&rows.batch}), "accepted", 0), 2);
  rows.batch.flags = 0;
  const result_ptr r = group({&rows.batch});
  EXPECT_EQ(group_number(r, "repeated", 0), 0);
  EXPECT_EQ(group_number(r, "accepted", 0), 2);
}

TEST_F(engine_group, answers_requests_once_and_moves_streams_on) {
  sales rows({"ann"}, {""}), other({"bob"}, {""});
  rows.batch.key = other.batch.key = "k";
  group({&rows.batch});
  EXPECT_EQ(group_number(group({&rows.batch}), "repeated", 0), 1);
  EXPECT_EQ(group_number(group({&other.batch}), "status", 0), CLV_E_EXISTS);
  EXPECT_EQ(sequence("k"), 0);
  rows.batch.sequence = 1;
  other.batch.sequence = 3;
  const result_ptr r = group({&rows.batch, &other.batch});
  EXPECT_EQ(group_number(r, "sequence", 0), 1);
  EXPECT_EQ(group_number(r, "status", 1), CLV_E_STATE);
  EXPECT_EQ(sequence("k"), 1);
  EXPECT_EQ(rows_of("transactions"), 2);
}

TEST_F(engine_group, takes_facts_by_the_name_of_their_table) {
  sales rows({"ann"}, {"t1"});
  const text_column kind("kind", {"visit"});
  rows.columns.push_back(kind.column());
  rows.rows = batch_of(rows.columns, 1);
  rows.batch.table = "touches";
  EXPECT_EQ(group_number(group({&rows.batch}), "accepted", 0), 1);
  EXPECT_EQ(rows_of("touches"), 1);
  rows.batch.table = "nonsense";
  EXPECT_EQ(group_number(group({&rows.batch}), "status", 0), CLV_E_NOT_FOUND);
}

TEST_F(engine_group, refuses_a_call_that_no_sender_is_to_blame_for) {
  sales rows({"ann"}, {"e1"});
  rows.batch.flags = 4;
  EXPECT_EQ(begin(&rows.batch), CLV_E_UNSUPPORTED);
  rows.batch.flags = 0;
  rows.batch.struct_size = 3;
  EXPECT_EQ(begin(&rows.batch), CLV_E_INVALID);
  rows.batch = CLV_SIZED(clv_keyed_batch);
  EXPECT_EQ(begin(&rows.batch), CLV_E_INVALID);
  EXPECT_EQ(begin(nullptr), CLV_E_INVALID);
  clv_job* job = nullptr;
  EXPECT_EQ(clv_engine_group_begin(engine_.get(), nullptr, nullptr, -1, &job, nullptr),
            CLV_E_INVALID);
}
