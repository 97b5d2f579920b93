#include "store/transactions.hpp"

#include <vector>

#include "clv/time.hpp"
#include "store_support.hpp"

using namespace clv;
using clv::store::database;
using clv::store::log_reader;
using clv::store::log_row;
using clv::store::log_writer;
using clv::test::error_of;

namespace {

constexpr std::int64_t day(std::int64_t n) {
  return n * us_per_day;
}

void ingest(database& d, std::vector<log_row> rows, std::string_view source = "shop") {
  store::transaction t(d.sql());
  log_writer writer(d.sql(), source);
  std::int64_t i = 0;
  for (const log_row& r : rows) {
    const std::int64_t customer = writer.customer_id(r.customer);
    if (!r.event_id.empty()) writer.add_event(r, customer, i);
    writer.add(r, customer, i++);
  }
  writer.finish(i);
  t.commit();
}

std::shared_ptr<const table> read(database& d, log_reader::purpose why) {
  log_reader reader(d.sql(), why);
  while (reader.read(2) < 1.0) {  // small blocks, so that their border is crossed
  }
  return reader.take();
}

const std::vector<log_row> three{{"bob", day(2), 500, "EUR", "", "e2"},
                                 {"ann", day(3), -200, "EUR", "refund", "e3"},
                                 {"ann", day(1), 1250, "EUR", "purchase", ""}};

}  // namespace

TEST(transactions, come_back_by_customer_and_time) {
  database d({});
  ingest(d, three);
  const auto log = read(d, log_reader::purpose::for_people);
  ASSERT_EQ(log->rows(), 3U);
  const column& customer = log->get("customer", type::utf8);
  EXPECT_EQ(customer.text(0), "ann");
  EXPECT_EQ(customer.text(2), "bob");
  EXPECT_EQ(log->integers("time", type::time)[0], day(1));
  EXPECT_EQ(log->integers("amount", type::money)[1], -200);
  EXPECT_EQ(log->get("amount", type::money).unit(), "EUR");
  EXPECT_EQ(log->find("currency"), nullptr);
  const column& kind = log->get("kind", type::utf8);
  EXPECT_EQ(kind.text(0), "purchase");
  EXPECT_EQ(kind.text(1), "refund");
  EXPECT_FALSE(kind.present(2));
  const column& event = log->get("event_id", type::utf8);
  EXPECT_FALSE(event.present(0));
  EXPECT_EQ(event.text(2), "e2");
}

TEST(transactions, of_several_currencies_keep_them_in_a_column) {
  database d({});
  ingest(d, {{"ann", day(1), 100, "EUR", "", ""}, {"bob", day(1), 100, "JPY", "", ""}});
  const auto log = read(d, log_reader::purpose::for_fit);
  const column& currency = log->get("currency", type::utf8);
  EXPECT_EQ(currency.text(0), "EUR");
  EXPECT_EQ(currency.text(1), "JPY");
  EXPECT_EQ(log->get("amount", type::money).unit(), "");
}

TEST(transactions, have_a_fingerprint_that_does_not_depend_on_the_order_of_ingest) {
  database forward({}), backward({});
  ingest(forward, three);
  for (auto i = three.rbegin(); i != three.rend(); ++i) ingest(backward, {*i});
  for (const auto why : {log_reader::purpose::for_fit, log_reader::purpose::for_people}) {
    EXPECT_EQ(read(forward, why)->fingerprint(), read(backward, why)->fingerprint());
  }
  ingest(forward, {{"ann", day(9), 1, "EUR", "", ""}});
  EXPECT_NE(read(forward, log_reader::purpose::for_fit)->fingerprint(),
            read(backward, log_reader::purpose::for_fit)->fingerprint());
}

TEST(transactions, with_an_event_id_are_recognised) {
  using outcome = log_writer::event::outcome;
  database d({});
  ingest(d, three);
  store::transaction t(d.sql());
  log_writer writer(d.sql(), "shop");
  const std::int64_t ann = writer.customer_id("ann");
  EXPECT_EQ(writer.add_event(three[1], ann, 0).what, outcome::same);
  log_row changed = three[1];
  changed.amount_minor = -201;
  const auto other = writer.add_event(changed, ann, 1);
  EXPECT_EQ(other.what, outcome::other);
  EXPECT_LT(other.place, 0);  // of an earlier batch
  EXPECT_EQ(writer.stored_event("e3"), "customer 'ann', 1970-01-04T00:00:00Z, -2.00 EUR, refund");
  const log_row fresh{"ann", day(5), 700, "EUR", "", "e4"};
  EXPECT_EQ(writer.add_event(fresh, ann, 2).what, outcome::added);
  EXPECT_EQ(writer.add_event(fresh, ann, 3).what, outcome::same);
  changed.event_id = "e4";
  EXPECT_EQ(writer.add_event(changed, ann, 4).place, 2);  // of this batch
}

TEST(transactions, of_two_sources_may_share_an_event_id) {
  database d({});
  ingest(d, three, "shop");
  ingest(d, three, "till");
  EXPECT_EQ(store::read_log_state(d.sql()).rows, 6);
}

TEST(transactions, find_customers_of_earlier_batches) {
  database d({});
  ingest(d, three);
  ingest(d, {{"ann", day(7), 100, "EUR", "", ""}, {"cy", day(7), 100, "EUR", "", ""}});
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM customer"), 3);
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM transactions WHERE customer = 'ann'"), 3);
}

TEST(transactions, that_were_changed_behind_our_back_are_noticed) {
  database d({});
  ingest(d, three);
  d.sql().execute("UPDATE txn SET amount_minor = amount_minor + 1 WHERE event_id = 'e2'");
  const issue why = error_of([&] { read(d, log_reader::purpose::for_fit); });
  EXPECT_EQ(why.code, status::corrupt);
  d.sql().execute("UPDATE txn SET amount_minor = amount_minor - 1 WHERE event_id = 'e2'");
  EXPECT_EQ(read(d, log_reader::purpose::for_fit)->rows(), 3U);
  d.sql().execute("DELETE FROM txn WHERE event_id = 'e2'");
  EXPECT_EQ(error_of([&] { read(d, log_reader::purpose::for_people); }).code, status::corrupt);
}

TEST(transactions, of_an_empty_log_are_an_empty_table) {
  database d({});
  EXPECT_EQ(read(d, log_reader::purpose::for_fit)->rows(), 0U);
}

TEST(transactions, can_be_read_by_people_with_sql) {
  database d({});
  ingest(d, three);
  EXPECT_EQ(d.sql().text("SELECT group_concat(customer || ':' || amount_minor, ' ') FROM "
                         "(SELECT * FROM transactions ORDER BY customer, occurred_us)"),
            "ann:1250 ann:-200 bob:500");
}
