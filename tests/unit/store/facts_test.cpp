#include <gtest/gtest.h>

#include <set>

#include "clv/schema.hpp"
#include "store/fact_reader.hpp"
#include "store/fact_writer.hpp"
#include "store_support.hpp"

using namespace clv;
using clv::store::database;
using clv::store::fact_reader;
using clv::store::fact_table;
using clv::store::fact_writer;
using clv::test::error_of;
using clv::test::mentions;

namespace {

struct contact {
  std::string customer;
  std::int64_t time = 0;
  std::string kind;
  std::int64_t benefit = 0;
  std::string event_id;
};

table contacts(const std::vector<contact>& rows) {
  table t;
  for (const field& f : find_schema("contacts").fields) {
    const bool used = f.required || f.name == "benefit" || f.name == "event_id";
    if (used) t.add(std::string(f.name), f.kind, f.kind == type::money ? "EUR" : "");
  }
  for (const contact& c : rows) {
    t.find("customer")->push(std::string_view(c.customer));
    t.find("time")->push(c.time);
    t.find("channel")->push(std::string_view("email"));
    t.find("kind")->push(std::string_view(c.kind));
    t.find("benefit")->push(c.benefit);
    column& id = *t.find("event_id");
    c.event_id.empty() ? id.push_absent() : id.push(std::string_view(c.event_id));
  }
  return t;
}

const fact_table& facts(std::string_view name) {
  return *store::find_fact_table(name);
}

// Rows that were not there before.
int record(database& d,
           std::string_view name,
           const table& rows,
           const std::string& money = "EUR") {
  store::transaction t(d.sql());
  fact_writer writer(d.sql(),
                     {.what = &facts(name), .rows = &rows, .source = "crm", .currency = money});
  int added = 0;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto what = writer.add(row);
    if (what == fact_writer::outcome::other) throw error(writer.conflict(row));
    added += what == fact_writer::outcome::added ? 1 : 0;
  }
  writer.finish();
  t.commit();
  return added;
}

std::shared_ptr<const table> facts_read(database& d, std::string_view name) {
  fact_reader reader(d.sql(), facts(name));
  while (reader.read(2) < 1.0) {
  }
  return reader.take();
}

table people(const std::vector<std::string>& ids, const std::string& column_name, double value) {
  table t;
  column& id = t.add("customer", type::utf8);
  column& number = t.add(column_name, type::f64);
  for (const std::string& i : ids) {
    id.push(std::string_view(i));
    number.push(value);
  }
  return t;
}

std::set<std::string> columns_of(database& d, std::string_view name) {
  std::set<std::string> names;
  store::statement s(d.sql(), "SELECT name, type FROM pragma_table_info(?)");
  for (s.bind(1, name); s.step();)
    names.insert(std::string(s.text(0)) + " " + std::string(s.text(1)));
  return names;
}

}  // namespace

TEST(facts, have_the_columns_of_their_schemas) {
  database d({});
  for (const fact_table& what : store::fact_tables()) {
    std::set<std::string> expected{"content INTEGER"};
    if (what.name != "customers") expected.insert("seq INTEGER");
    if (what.kind == store::fact_kind::happened) expected.insert("source INTEGER");
    for (const field& f : find_schema(what.name).fields) {
      const bool number =
          store::names_a_customer(f) || (f.kind != type::utf8 && f.kind != type::f64);
      expected.insert(std::string(f.name) + (number                ? " INTEGER"
                                             : f.kind == type::f64 ? " REAL"
                                                                   : " TEXT"));
    }
    EXPECT_EQ(columns_of(d, what.name), expected) << what.name;
  }
}

TEST(facts, are_every_schema_that_no_verb_derives) {
  const std::set<std::string_view> derived{"transactions",
                                           "summary",
                                           "scores",
                                           "segments",
                                           "proposals",
                                           "decisions",
                                           "refusals",
                                           "budget",
                                           "resources"};
  std::set<std::string_view> all(derived);
  for (const fact_table& what : store::fact_tables()) all.insert(what.name);
  for (const schema& s : schemas()) EXPECT_EQ(all.count(s.name), 1U) << s.name;
  EXPECT_EQ(all.size(), schemas().size());
}

TEST(facts, are_read_as_they_were_written) {
  database d({});
  EXPECT_EQ(record(d, "contacts", contacts({{"bob", 5, "sent", 250, "e1"}, {"ann", 7, "sent"}})),
            2);
  const auto back = facts_read(d, "contacts");
  ASSERT_EQ(back->rows(), 2U);
  EXPECT_EQ(back->get("customer", type::utf8).text(0), "ann");
  EXPECT_EQ(back->get("customer", type::utf8).text(1), "bob");
  EXPECT_EQ(back->integers("benefit", type::money)[1], 250);
  EXPECT_EQ(back->get("benefit", type::money).unit(), "EUR");
  EXPECT_EQ(back->get("event_id", type::utf8).text(1), "e1");
  EXPECT_FALSE(back->get("event_id", type::utf8).present(0));
  EXPECT_EQ(back->find("plugin"), nullptr);  // no row has it
}

TEST(facts, know_an_event_again) {
  database d({});
  const table rows = contacts({{"ann", 5, "sent", 1, "e1"}, {"ann", 5, "sent", 1, "e1"}});
  EXPECT_EQ(record(d, "contacts", rows), 1);
  EXPECT_EQ(record(d, "contacts", rows), 0);
  const issue why = error_of([&] {
    record(d, "contacts", contacts({{"ann", 5, "redeemed", 1, "e1"}}));
  });
  EXPECT_EQ(why.code, status::data);
  EXPECT_EQ(why.row, 0);
  for (const char* word : {"row 1", "'e1'", "'crm'", "'kind'", "'sent'", "'redeemed'"}) {
    EXPECT_TRUE(mentions(why.message, word)) << why.message;
  }
}

TEST(facts, without_an_event_are_taken_as_they_are) {
  database d({});
  const table rows = contacts({{"ann", 5, "sent"}, {"ann", 5, "sent"}});
  EXPECT_EQ(record(d, "contacts", rows), 2);
  EXPECT_EQ(record(d, "contacts", rows), 2);
  EXPECT_EQ(facts_read(d, "contacts")->rows(), 4U);
}

TEST(facts, read_the_same_in_whatever_order_they_came) {
  database forward({}), backward({});
  std::vector<contact> rows;
  for (int i = 0; i < 40; ++i) {
    rows.push_back({"c" + std::to_string(i % 7),
                    i % 3,
                    i % 2 == 0 ? "sent" : "redeemed",
                    i,
                    i % 5 == 0 ? "" : "e" + std::to_string(i)});
  }
  record(forward, "contacts", contacts(rows));
  record(backward, "contacts", contacts({rows.rbegin(), rows.rend()}));
  EXPECT_EQ(facts_read(forward, "contacts")->fingerprint(),
            facts_read(backward, "contacts")->fingerprint());
}

TEST(facts, keep_the_last_word_on_a_customer_and_its_other_columns) {
  database d({});
  EXPECT_EQ(record(d, "customers", people({"ann", "bob"}, "csat", 4)), 2);
  EXPECT_EQ(record(d, "customers", people({"ann"}, "nps", 9)), 1);
  EXPECT_EQ(record(d, "customers", people({"ann"}, "csat", 5)), 1);
  EXPECT_EQ(record(d, "customers", people({"ann"}, "csat", 5)), 0);  // nothing new
  const auto back = facts_read(d, "customers");
  ASSERT_EQ(back->rows(), 2U);
  EXPECT_EQ(back->numbers("csat")[0], 5);
  EXPECT_EQ(back->numbers("nps")[0], 9);
  EXPECT_FALSE(back->get("nps", type::f64).present(1));
}

TEST(facts, clear_what_a_given_column_leaves_empty) {
  database d({});
  record(d, "customers", people({"ann"}, "csat", 4));
  table cleared = people({"ann"}, "csat", 0);
  cleared.find("csat")->mark_absent(0);
  EXPECT_EQ(record(d, "customers", cleared), 1);
  EXPECT_EQ(facts_read(d, "customers")->find("csat"), nullptr);
}

TEST(facts, keep_attributes_in_their_types) {
  database d({});
  table rows = people({"bob", "ann"}, "csat", 4);
  column& city = rows.add("attr.city", type::utf8);
  city.push(std::string_view("Kyiv"));
  city.push_absent();
  column& age = rows.add("attr.age", type::i64);
  age.push(std::int64_t{40});
  age.push(std::int64_t{50});
  record(d, "customers", rows);
  EXPECT_EQ(record(d, "customers", rows), 0);
  auto back = facts_read(d, "customers");
  EXPECT_EQ(back->get("attr.city", type::utf8).text(1), "Kyiv");
  EXPECT_FALSE(back->get("attr.city", type::utf8).present(0));
  EXPECT_EQ(back->integers("attr.age", type::i64)[0], 50);
  record(d, "customers", people({"ann"}, "attr.age", 50.5));  // widened
  back = facts_read(d, "customers");
  EXPECT_EQ(back->numbers("attr.age")[0], 50.5);
  EXPECT_EQ(back->numbers("attr.age")[1], 40);
  const issue why = error_of([&] { record(d, "customers", people({"ann"}, "attr.city", 1)); });
  EXPECT_EQ(why.code, status::data);
  EXPECT_TRUE(mentions(why.message, "attr.city")) << why.message;
}

TEST(facts, replace_evidence_for_the_same_kind_of_customer) {
  database d({});
  const auto evidence = [](const char* segment, double mean) {
    table t;
    t.add("action", type::utf8).push(std::string_view("mail"));
    column& s = t.add("segment", type::utf8);
    segment == nullptr ? s.push_absent() : s.push(std::string_view(segment));
    t.add("effect_mean", type::f64).push(mean);
    t.add("effect_sd", type::f64).push(0.1);
    t.add("level", type::utf8).push(std::string_view("own_kind"));
    return t;
  };
  record(d, "evidence", evidence(nullptr, 1));
  record(d, "evidence", evidence("gold", 2));
  record(d, "evidence", evidence("gold", 3));
  EXPECT_EQ(record(d, "evidence", evidence("gold", 3)), 0);
  const auto back = facts_read(d, "evidence");
  ASSERT_EQ(back->rows(), 2U);
  EXPECT_EQ(back->numbers("effect_mean")[0], 1);
  EXPECT_EQ(back->numbers("effect_mean")[1], 3);
}

TEST(facts, have_one_currency) {
  database d({});
  record(d, "contacts", contacts({{"ann", 5, "sent", 1, "e1"}}));
  const issue why = error_of([&] {
    record(d, "contacts", contacts({{"ann", 6, "sent", 1, "e2"}}), "USD");
  });
  EXPECT_EQ(why.code, status::data);
  EXPECT_TRUE(mentions(why.message, "EUR") && mentions(why.message, "USD")) << why.message;
}

TEST(facts, notice_a_changed_value) {
  for (const char* damage : {"UPDATE contacts SET kind = 'redeemed'",
                             "DELETE FROM contacts WHERE time = 5",
                             "UPDATE customer SET ext_id = 'eve' WHERE ext_id = 'ann'"}) {
    database d({});
    record(d, "contacts", contacts({{"ann", 5, "sent", 1, "e1"}, {"bob", 6, "sent", 1, "e2"}}));
    d.sql().execute(damage);
    EXPECT_EQ(error_of([&] { facts_read(d, "contacts"); }).code, status::corrupt) << damage;
  }
  database d({});
  record(d, "customers", people({"ann"}, "attr.size", 2));
  d.sql().execute("UPDATE attribute SET value = CAST(3.0 AS REAL)");
  EXPECT_EQ(error_of([&] { facts_read(d, "customers"); }).code, status::corrupt);
}
