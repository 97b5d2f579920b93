// The agent's card: what is shown, in which order of concern, and what is never shown.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "desk/reports.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

struct line {
  std::string section, item, value, because;
};

std::vector<line> lines_of(const outcome& out) {
  const table& t = *out.tables.at("");
  std::vector<line> all;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    const auto cell = [&](const char* name) {
      return std::string(t.get(name, type::utf8).text(row));
    };
    all.push_back({cell("section"), cell("item"), cell("value"), cell("because")});
  }
  return all;
}

std::vector<line> card(const report_inputs& in, std::string_view options) {
  return lines_of(test::run_report(desk_card_report, in, options));
}

// The row of a section and item; none is a failure with every row in it.
line find(const std::vector<line>& all, std::string_view section, std::string_view item) {
  std::string rows;
  for (const line& l : all) {
    if (l.section == section && l.item == item) return l;
    rows += l.section + " | " + l.item + " | " + l.value + " | " + l.because + "\n";
  }
  ADD_FAILURE() << "no row " << section << ", " << item << " among\n" << rows;
  return {};
}

bool has(const std::vector<line>& all, std::string_view section, std::string_view item) {
  return std::ranges::any_of(all,
                             [&](const line& l) { return l.section == section && l.item == item; });
}

std::vector<std::string> items(const std::vector<line>& all, std::string_view section) {
  std::vector<std::string> found;
  for (const line& l : all) {
    if (l.section == section) found.push_back(l.item);
  }
  return found;
}

using texts = std::vector<std::string>;

constexpr std::string_view events =
    "ticket,customer,time,kind,agent,channel,category,severity,subject\n"
    "T1,ann@x,2026-01-05T08:00Z,created,,chat,billing,high,My secret subject\n"
    "T2,+49170,2026-01-05T08:30Z,created,,phone,network,low,\n"
    "T2,+49170,2026-01-05T08:40Z,message_out,kim,,,,\n"
    "T2,+49170,2026-01-05T08:41Z,waiting_customer,kim,,,,\n"
    "T3,bob,2026-01-05T08:30Z,created,,chat,billing,low,\n";

constexpr std::string_view links =
    "customer,identity,time,kind,linked\nann,ann@x,2026-01-01,email,1\nann,+49170,2026-01-01,phone,"
    "1\n";

constexpr std::string_view now_and_desk =
    R"("as_of": "2026-01-05T10:00Z", "desk": {"severities": ["low", "high"],
       "policies": [{"name": "all", "first_response": 60, "resolution": 600}]})";

std::string options(std::string_view key, std::string_view more = "") {
  return "{" + std::string(key) + ", " + std::string(now_and_desk) + std::string(more) + "}";
}

report_inputs with_events() {
  report_inputs in;
  in.tables["ticket_events"] = test::table_of(events, "ticket_events");
  in.tables["identities"] = test::table_of(links, "identities");
  return in;
}

TEST(desk_card, is_of_one_customer_behind_all_addresses) {
  const auto by_customer = card(with_events(), options(R"("customer": "ann")"));
  EXPECT_EQ(find(by_customer, "customer", "id").value, "ann");
  EXPECT_TRUE(has(by_customer, "tickets", "T1"));
  EXPECT_TRUE(has(by_customer, "tickets", "T2"));
  EXPECT_FALSE(has(by_customer, "tickets", "T3")) << "of somebody else";
  const auto by_address = card(with_events(), options(R"("customer": "+49170")"));
  EXPECT_EQ(items(by_address, "tickets"), items(by_customer, "tickets"));
  const auto by_ticket = card(with_events(), options(R"("ticket": "T2")"));
  EXPECT_EQ(find(by_ticket, "customer", "id").value, "ann");
  EXPECT_EQ(items(by_ticket, "tickets").front(), "T2") << "the ticket asked for comes first";
}

TEST(desk_card, shows_open_tickets_with_their_clocks) {
  const auto all = card(with_events(), options(R"("customer": "ann")"));
  const line t1 = find(all, "tickets", "T1");
  EXPECT_EQ(t1.value, "new");
  EXPECT_EQ(t1.because, "severity high, about billing, by chat, waits for us for 2.0 hours");
  EXPECT_EQ(find(all, "tickets", "T1 first_response").value,
            "due 2026-01-05T09:00:00Z, late by 60 minutes");
  EXPECT_EQ(find(all, "tickets", "T1 resolution").value, "due 2026-01-05T18:00:00Z, in 8.0 hours");
  EXPECT_EQ(find(all, "tickets", "T2 resolution").value, "paused");
  EXPECT_EQ(find(all, "do", "answer T1").value, "first, due 2026-01-05T09:00:00Z");
  EXPECT_EQ(find(all, "do", "apologise").value, "for the delay of T1");
  EXPECT_TRUE(has(all, "dont", "sell"));
}

std::string twenty_values() {
  std::string csv = "customer,clv,clv_p10,clv_p50,clv_p90,p_alive,x,t_x,T\n";
  for (int i = 0; i < 20; ++i) {
    const std::string v = std::to_string(100 + i);
    csv += "c" + std::to_string(i) + "," + v + "," + std::to_string(90 + i) + "," + v + "," +
           std::to_string(110 + i) + ",.9,4,40,50\n";
  }
  return csv + "ann,119.5,101,119.5,140,.25,4,20,50\n";
}

TEST(desk_card, bands_value_and_shows_no_amount_unless_asked) {
  report_inputs in;
  in.tables["scores"] = test::table_of(twenty_values());
  in.tables["segments"] =
      test::table_of("customer,scheme,segment\nann,value_tier,high\n", "segments");
  const auto all = card(in, R"({"customer": "ann"})");
  EXPECT_EQ(find(all, "value", "segment").value, "high");
  const line standing = find(all, "value", "standing");
  EXPECT_EQ(standing.value, "top tenth");
  EXPECT_EQ(standing.because,
            "worth more than 95 % of 21 customers; P10 says lowest tenth, P90 top tenth");
  EXPECT_FALSE(has(all, "value", "amount"));
  for (const line& l : all) EXPECT_EQ((l.value + l.because).find("119"), std::string::npos);
  const auto open = card(in, R"({"customer": "ann", "money": true})");
  EXPECT_EQ(find(open, "value", "amount").value, "119.50");
}

TEST(desk_card, says_that_a_value_is_not_known_instead_of_guessing) {
  report_inputs in;
  in.tables["scores"] = test::table_of("customer,clv\nann,5\nbob,6\n");
  EXPECT_EQ(find(card(in, R"({"customer": "ann"})"), "value", "standing").value, "not known");
  EXPECT_EQ(find(card(in, R"({"customer": "eve"})"), "value", "standing").because,
            "no value was computed for this customer");
  EXPECT_EQ(find(card({}, R"({"customer": "ann"})"), "value", "standing").because,
            "neither a segment nor a value was given");
}

TEST(desk_card, puts_the_largest_concern_first) {
  report_inputs in = with_events();
  in.tables["scores"] = test::table_of(twenty_values());
  in.tables["feedback"] =
      test::table_of("customer,time,kind,score,ticket\nann@x,2026-01-04,CSAT,1,\n", "feedback");
  const auto all = card(in, options(R"("customer": "ann")"));
  // satisfaction 1 of 1; recency 30/(30 + 5); alive 3/4; tickets 2/3; one breach 1/2.
  EXPECT_EQ(items(all, "drivers"),
            (texts{"satisfaction", "recency", "alive", "open tickets", "breaches"}));
  EXPECT_EQ(find(all, "drivers", "satisfaction").value, "CSAT 1, a detractor");
  EXPECT_EQ(find(all, "drivers", "alive").value, "25 %");
  EXPECT_EQ(find(all, "drivers", "breaches").because, "in 90 days: T1 first_response");
  EXPECT_TRUE(has(all, "do", "ask what went wrong"));
}

report_inputs with_decisions() {
  report_inputs in;
  in.tables["decisions"] = test::table_of(
      "customer,arm,reason_code,plugin,action,channel,reason,receipt,withheld,needs_approval\n"
      "ann,exploit,CHOSEN,winback,call_back,phone,Has not ordered for long.,{},,1\n"
      "ann,exploit,CHOSEN,care,extended_return,email,Returns often.,{},,\n"
      "ann,holdout,HOLDOUT,,,,Held out.,{},gift,\n"
      "bob,exploit,CHOSEN,winback,coupon,email,Other.,{},,\n",
      "decisions");
  in.tables["refusals"] = test::table_of(
      "customer,plugin,action,reason_code,reason,cannibalisation,net\n"
      "ann,blanket,discount_20,NOT_PROFITABLE,It brings EUR 3.20 on average.,9,-4\n"
      "ann,x,newsletter,COOLDOWN,It was sent two days ago.,,\n"
      "ann,y,by_age,PROTECTED_ATTRIBUTE,Plugin 'y' reads 'attr.birth_year'.,,\n",
      "refusals");
  in.tables["consent"] = test::table_of(
      "customer,channel,purpose,time,granted\n"
      "ann,email,marketing,2026-01-01,1\nann,email,marketing,2026-01-03,0\n"
      "ann,sms,marketing,2026-01-03,0\nann,sms,marketing,2026-01-04,1\n",
      "consent");
  in.tables["customers"] = test::table_of(
      "customer,complaint_open,unreachable,survey_sent,attr.gender,attr.city\n"
      "ann,,\"letter,fax\",1,female,Kyiv\n");
  return in;
}

TEST(desk_card, says_what_was_decided_and_what_not_to_offer_and_why) {
  const auto all = card(with_decisions(), R"({"customer": "ann"})");
  EXPECT_EQ(items(all, "actions"), (texts{"call_back", "extended_return"}));
  EXPECT_EQ(find(all, "actions", "call_back").value, "by phone, needs approval");
  EXPECT_EQ(find(all, "actions", "call_back").because, "Has not ordered for long.");
  EXPECT_EQ(find(all, "do_not_offer", "discount_20").value, "NOT_PROFITABLE");
  EXPECT_NE(find(all, "do_not_offer", "discount_20").because.find("cannibalises"),
            std::string::npos);
  EXPECT_EQ(find(all, "do_not_offer", "newsletter").because, "It was sent two days ago.");
  EXPECT_EQ(find(all, "do_not_offer", "gift").value, "HOLDOUT");
  EXPECT_EQ(find(all, "do_not_offer", "marketing by email").because,
            "Consent was withdrawn on 2026-01-03.");
  EXPECT_FALSE(has(all, "do_not_offer", "marketing by sms")) << "the latest word counts";
  EXPECT_EQ(find(all, "do_not_offer", "anything by fax").value, "CHANNEL_UNREACHABLE");
  EXPECT_TRUE(has(all, "dont", "give what is held out"));
  EXPECT_TRUE(has(all, "dont", "ask for a rating"));
  EXPECT_TRUE(has(all, "do", "mention extended_return")) << "no ticket is open, nobody complains";
  EXPECT_FALSE(has(all, "do", "mention call_back")) << "nobody has approved it yet";
}

TEST(desk_card, keeps_recorded_sentences_with_amounts_for_those_who_may_see_them) {
  const auto hidden = card(with_decisions(), R"({"customer": "ann"})");
  for (const line& l : hidden) EXPECT_EQ(l.because.find("EUR"), std::string::npos) << l.item;
  const auto open = card(with_decisions(), R"({"customer": "ann", "money": true})");
  EXPECT_EQ(find(open, "do_not_offer", "discount_20").because, "It brings EUR 3.20 on average.");
}

TEST(desk_card, stops_selling_while_a_complaint_is_open) {
  report_inputs in = with_decisions();
  in.tables["customers"] = test::table_of("customer,complaint_open\nann,1\n");
  const auto all = card(in, R"({"customer": "ann"})");
  EXPECT_EQ(find(all, "do_not_offer", "anything that sells").value, "COMPLAINT_OPEN");
  EXPECT_TRUE(has(all, "dont", "sell"));
  EXPECT_FALSE(has(all, "do", "mention extended_return"));
}

TEST(desk_card, does_not_forbid_what_was_decided_because_another_plugin_lost_with_it) {
  report_inputs in = with_decisions();
  in.tables["refusals"] = test::table_of(
      "customer,plugin,action,reason_code,reason\n"
      "ann,other,extended_return,LOST_ARBITRATION,Another is better.\n",
      "refusals");
  const auto all = card(in, R"({"customer": "ann"})");
  EXPECT_TRUE(has(all, "actions", "extended_return"));
  EXPECT_FALSE(has(all, "do_not_offer", "extended_return"));
}

bool mentions(const std::vector<line>& all, std::string_view word) {
  return std::ranges::any_of(all, [&](const line& l) {
    return (l.section + "|" + l.item + "|" + l.value + "|" + l.because).find(word) !=
           std::string::npos;
  });
}

TEST(desk_card, contains_no_protected_attribute) {
  const auto all = card(with_decisions(), R"({"customer": "ann"})");
  for (const char* word : {"female", "gender", "birth", "Kyiv", "city"}) {
    EXPECT_FALSE(mentions(all, word)) << word;
  }
  const auto shown = card(with_decisions(), R"({"customer": "ann", "show": ["attr.city"]})");
  EXPECT_EQ(find(shown, "attributes", "city").value, "Kyiv");
  EXPECT_FALSE(mentions(shown, "female"));
  EXPECT_FALSE(mentions(card(with_decisions(), R"({"customer": "ann", "money": true})"), "birth"))
      << "not in the sentence of a refusal either";
}

TEST(desk_card, refuses_to_show_what_is_protected) {
  const auto complaint = [](std::string_view json) {
    try {
      desk_card_report.begin(with_decisions(), json);
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_NE(complaint(R"({"customer": "ann", "show": ["attr.gender"]})").find("attr.gender"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"customer": "ann", "show": ["Birth-Year"]})").find("Birth-Year"),
            std::string::npos);
  EXPECT_NE(
      complaint(R"({"customer": "ann", "show": ["city"], "protected": ["City"]})").find("city"),
      std::string::npos);
  EXPECT_EQ(complaint(R"({"customer": "ann", "show": ["city"]})"), "");
}

TEST(desk_card, uses_no_protected_column_for_anything) {
  report_inputs in;
  in.tables["scores"] = test::table_of("customer,p_alive\nann,.3\n");
  EXPECT_TRUE(has(card(in, R"({"customer": "ann"})"), "drivers", "alive"));
  EXPECT_FALSE(
      has(card(in, R"({"customer": "ann", "protected": ["P_Alive"]})"), "drivers", "alive"));
}

TEST(desk_card, shows_promises_that_are_not_kept) {
  report_inputs in;
  in.tables["follow_ups"] = test::table_of(
      "follow_up,customer,time,kind,trigger,ticket,owner,due,reason\n"
      "F1,ann,2026-01-02,opened,detractor,T1,kim,2026-01-04,A detractor.\n"
      "F2,ann,2026-01-02,opened,breach,T2,kim,2026-01-04,A breach.\n"
      "F2,ann,2026-01-03,done,breach,T2,kim,,\n",
      "follow_ups");
  const auto all = card(in, R"({"customer": "ann", "as_of": "2026-01-05"})");
  EXPECT_EQ(items(all, "follow_ups"), texts{"F1"});
  EXPECT_EQ(find(all, "follow_ups", "F1").because, "A detractor. owner: kim");
  EXPECT_EQ(find(all, "do", "keep the promise").value, "F1");
}

TEST(desk_card, needs_a_key_that_fits) {
  EXPECT_THROW(desk_card_report.begin({}, "{}"), error);
  const auto fails = [](std::string_view json) {
    job work = desk_card_report.begin(with_events(), json);
    try {
      work.run();
    } catch (const error& e) {
      return e.details().code;
    }
    return status::ok;
  };
  EXPECT_EQ(fails(options(R"("ticket": "T9")")), status::not_found);
  EXPECT_EQ(fails(options(R"("ticket": "T3", "customer": "ann")")), status::invalid);
  EXPECT_EQ(fails(options(R"("ticket": "T1", "customer": "ann@x")")), status::ok);
}

TEST(desk_card, says_when_nothing_is_known) {
  const outcome out =
      test::run_report(desk_card_report, with_decisions(), R"({"customer": "eve"})");
  ASSERT_EQ(out.notes.size(), 1u);
  EXPECT_NE(out.notes[0].message.find("'eve'"), std::string::npos);
  EXPECT_TRUE(
      test::run_report(desk_card_report, with_decisions(), R"({"customer": "ann"})").notes.empty());
}

}  // namespace
}  // namespace clv
