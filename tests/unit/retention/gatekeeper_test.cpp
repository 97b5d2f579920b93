#include "retention/gate/gatekeeper.hpp"

#include <gtest/gtest.h>

#include "gate_support.hpp"

namespace clv::retention::test {
namespace {

const std::string contact_header = "customer,time,channel,kind,category,action\n";

gate_question asking(std::string_view action, std::string_view category = "marketing") {
  gate_question q = mail();
  q.action = action;
  q.category = category;
  return q;
}

gate_question over(std::string_view channel) {
  gate_question q = mail();
  q.channel = channel;
  return q;
}

TEST(gatekeeper, without_policy_and_facts_lets_everything_compete) {
  EXPECT_EQ(answer(gate(""), "ann"), "");
  EXPECT_EQ(answer(gate("", {}, 0), "ann", coupon()), "");
}

TEST(gatekeeper, refuses_the_erased_and_the_merged_whatever_the_policy_says) {
  const gatekeeper g =
      gate(R"({"exempt":["marketing"]})",
           {{"customers", "customer,erased,merged_into\nann,1,\nbob,,cy\ncy,0,\n"}});
  EXPECT_EQ(code(g, "ann"), "ERASED");
  EXPECT_EQ(answer(g, "bob"), "MERGED: This customer is now part of another.");
  EXPECT_EQ(answer(g, "cy"), "");
}

TEST(gatekeeper, asks_for_consent_on_the_channels_the_policy_lists) {
  const gatekeeper g = gate(R"({"consent":["email"]})",
                            {{"consent",
                              "customer,channel,purpose,time,granted\n"
                              "ann,email,marketing,2026-01-01,1\n"
                              "bob,email,research,2026-01-01,1\n"
                              "cy,email,,2026-01-01,1\n"}});
  EXPECT_EQ(answer(g, "ann"), "");
  EXPECT_EQ(answer(g, "bob"), "NO_CONSENT: No consent to marketing by email is on record.");
  EXPECT_EQ(answer(g, "cy"), "") << "an empty purpose stands for all";
  EXPECT_EQ(code(g, "dan"), "NO_CONSENT");
  EXPECT_EQ(answer(g, "dan", over("phone")), "") << "the policy does not list the phone";
}

TEST(gatekeeper, the_latest_word_on_consent_counts_and_of_one_instant_the_refusal) {
  const std::string rows =
      "customer,channel,purpose,time,granted\n"
      "back,email,marketing,2026-01-01,1\nback,email,marketing,2026-02-01,0\n"
      "again,email,marketing,2026-01-01,0\nagain,email,marketing,2026-02-01,1\n"
      "all,email,marketing,2026-01-01,1\nall,email,,2026-02-01,0\n"
      "one,email,,2026-01-01,0\none,email,marketing,2026-02-01,1\n"
      "tie,email,marketing,2026-01-01,0\ntie,email,marketing,2026-01-01,1\n"
      "mix,email,marketing,2026-01-01,1\nmix,email,,2026-01-01,0\n"
      "later,email,marketing,2026-01-01,1\nlater,email,marketing,2026-06-15T12:00:01Z,0\n"
      "soon,email,marketing,2026-06-16,1\n";
  const gatekeeper g = gate(R"({"consent":["email"]})", {{"consent", rows}});
  EXPECT_EQ(answer(g, "back"),
            "NO_CONSENT: Consent to marketing by email was withdrawn on 2026-02-01.");
  EXPECT_EQ(answer(g, "again"), "");
  EXPECT_EQ(code(g, "all"), "NO_CONSENT");
  EXPECT_EQ(answer(g, "one"), "");
  EXPECT_EQ(code(g, "tie"), "NO_CONSENT");
  EXPECT_EQ(code(g, "mix"), "NO_CONSENT");
  EXPECT_EQ(answer(g, "later"), "") << "what happens later is not seen";
  EXPECT_EQ(code(g, "soon"), "NO_CONSENT");
}

TEST(gatekeeper, a_withdrawal_counts_on_every_channel_and_so_does_an_unsubscription) {
  const fact_texts facts{
      {"consent",
       "customer,channel,purpose,time,granted\nann,email,marketing,2026-01-01,0\n"
       "bob,email,marketing,2026-01-01,1\ncy,email,marketing,2026-05-02,1\n"},
      {"contacts",
       contact_header + "bob,2026-05-01,email,unsubscribed,marketing,\n" +
           "cy,2026-05-01,email,unsubscribed,,\n" + "dan,2026-05-01,email,unsubscribed,,\n"}};
  const gatekeeper g = gate("", facts);
  EXPECT_EQ(code(g, "ann"), "NO_CONSENT");
  EXPECT_EQ(code(g, "bob"), "NO_CONSENT");
  EXPECT_EQ(answer(g, "bob", asking("test.ask", "research")), "") << "marketing was unsubscribed";
  EXPECT_EQ(answer(g, "cy"), "") << "granted again later";
  EXPECT_EQ(code(g, "dan", asking("test.ask", "research")), "NO_CONSENT") << "all of it";
  EXPECT_EQ(answer(g, "dan", over("phone")), "");
}

TEST(gatekeeper, exempt_categories_need_no_consent) {
  const gatekeeper g =
      gate(R"({"consent":["email"],"exempt":["transactional"]})",
           {{"consent", "customer,channel,time,granted\nann,email,2026-01-01,0\n"}});
  EXPECT_EQ(answer(g, "ann", asking("order.sent", "transactional")), "");
  EXPECT_EQ(code(g, "ann"), "NO_CONSENT");
}

TEST(gatekeeper, a_hold_stops_everything_and_a_complaint_marketing) {
  const gatekeeper g =
      gate("", {{"customers", "customer,legal_hold,complaint_open\nann,1,0\nbob,0,1\n"}});
  EXPECT_EQ(code(g, "ann", asking("sorry.call", "service")), "LEGAL_HOLD");
  EXPECT_EQ(code(g, "bob"), "COMPLAINT_OPEN");
  EXPECT_EQ(answer(g, "bob", asking("sorry.call", "service")), "");
}

TEST(gatekeeper, a_veto_stops_its_category_and_no_exempt_one) {
  const gatekeeper g = gate(R"({"exempt":["transactional"]})");
  const std::vector<veto> all{{"org.hold", "", "bereavement."}};
  const std::vector<veto> research{{"org.hold", "research", "asked last week."}};
  EXPECT_EQ(answer(g, "ann", mail(), all), "VETOED: Plugin 'org.hold' objects: bereavement.");
  EXPECT_EQ(answer(g, "ann", mail(), research), "");
  EXPECT_EQ(code(g, "ann", asking("ask", "research"), research), "VETOED");
  EXPECT_EQ(answer(g, "ann", asking("order.sent", "transactional"), all), "");
  gate_question own = mail();
  own.plugin = "org.hold";
  EXPECT_EQ(answer(g, "ann", own, all), "") << "a plugin objects to the others";
}

TEST(gatekeeper, knows_channels_that_do_not_reach) {
  const gatekeeper g =
      gate("", {{"customers", "customer,unreachable\nann,\"sms, email\"\nbob,e\n"}});
  EXPECT_EQ(answer(g, "ann"), "CHANNEL_UNREACHABLE: This customer cannot be reached by email.");
  EXPECT_EQ(code(g, "ann", over("sms")), "CHANNEL_UNREACHABLE");
  EXPECT_EQ(answer(g, "ann", over("phone")), "");
  EXPECT_EQ(answer(g, "bob"), "") << "'e' is not 'email'";
}

TEST(gatekeeper, a_bounce_counts_until_a_later_grant_or_redemption_on_the_channel) {
  const fact_texts facts{
      {"contacts",
       contact_header + "ann,2026-05-01,email,bounced,,\nann,2026-05-02,email,sent,,\n" +
           "bob,2026-05-01,email,bounced,,\ncy,2026-05-01,email,bounced,,\n" +
           "cy,2026-05-02,email,redeemed,,\ndan,2026-05-01,email,bounced,,\n" +
           "dan,2026-05-02,phone,redeemed,,\n"},
      {"consent",
       "customer,channel,time,granted\nbob,email,2026-05-02,1\ndan,email,2026-05-01,1\n"}};
  const gatekeeper g = gate("", facts);
  EXPECT_EQ(answer(g, "ann"),
            "CHANNEL_UNREACHABLE: The last contact by email bounced on 2026-05-01.");
  EXPECT_EQ(answer(g, "ann", over("phone")), "");
  EXPECT_EQ(answer(g, "bob"), "");
  EXPECT_EQ(answer(g, "cy"), "");
  EXPECT_EQ(code(g, "dan"), "CHANNEL_UNREACHABLE") << "at the same instant the bounce counts";
}

TEST(gatekeeper, quiet_hours_go_by_the_clock_on_the_customers_wall) {
  const std::string rule =
      R"({"quiet_hours":{"channels":["sms"],"from":"21:00","to":"08:00","zone":"Europe/Berlin"},
          "exempt":["transactional"]})";
  const fact_texts facts{{"customers", "customer,time_zone\nny,America/New_York\nhome,\n"}};
  const auto at_time = [&](std::string_view when) { return gate(rule, facts, at(when)); };
  // Berlin is UTC+2 in summer and UTC+1 in winter; New York UTC-4 and UTC-5.
  EXPECT_EQ(answer(at_time("2026-06-15T20:00:00Z"), "home", over("sms")),
            "CHANNEL_UNREACHABLE: It is 22:00 in Europe/Berlin, and sms is quiet from 21:00 to "
            "08:00 there.");
  EXPECT_EQ(answer(at_time("2026-06-15T18:59:59Z"), "home", over("sms")), "");
  EXPECT_EQ(code(at_time("2026-06-15T19:00:00Z"), "home", over("sms")), "CHANNEL_UNREACHABLE");
  EXPECT_EQ(answer(at_time("2026-01-15T19:59:00Z"), "home", over("sms")), "") << "20:59 in winter";
  EXPECT_EQ(code(at_time("2026-06-15T05:59:59Z"), "home", over("sms")), "CHANNEL_UNREACHABLE");
  EXPECT_EQ(answer(at_time("2026-06-15T06:00:00Z"), "home", over("sms")), "")
      << "'to' is not quiet";
  EXPECT_EQ(answer(at_time("2026-06-15T20:00:00Z"), "ny", over("sms")), "");
  EXPECT_EQ(code(at_time("2026-06-15T11:00:00Z"), "ny", over("sms")), "CHANNEL_UNREACHABLE");
  EXPECT_EQ(answer(at_time("2026-06-15T20:00:00Z"), "home"), "") << "e-mail makes no noise";
  gate_question order = over("sms");
  order.category = "transactional";
  EXPECT_EQ(answer(at_time("2026-06-15T20:00:00Z"), "home", order), "");
}

TEST(gatekeeper, quiet_hours_follow_a_change_of_the_clocks) {
  const std::string rule =
      R"({"quiet_hours":{"channels":["sms"],"from":"02:30","to":"03:15","zone":"Europe/Berlin"}})";
  // On 2026-03-29 the clock goes from 02:00 to 03:00 at 01:00 UTC; on 2026-10-25 02:00-03:00 is
  // there twice, from 00:00 and from 01:00 UTC.
  const auto code_at = [&](std::string_view when) {
    return code(gate(rule, {}, at(when)), "ann", over("sms"));
  };
  EXPECT_EQ(code_at("2026-03-29T00:59:59Z"), "");
  EXPECT_EQ(code_at("2026-03-29T01:00:00Z"), "CHANNEL_UNREACHABLE") << "03:00";
  EXPECT_EQ(code_at("2026-03-29T01:15:00Z"), "");
  EXPECT_EQ(code_at("2026-10-25T00:30:00Z"), "CHANNEL_UNREACHABLE") << "02:30 for the first time";
  EXPECT_EQ(code_at("2026-10-25T01:00:00Z"), "") << "02:00 again";
  EXPECT_EQ(code_at("2026-10-25T01:30:00Z"), "CHANNEL_UNREACHABLE") << "02:30 again";
}

TEST(gatekeeper, a_plugin_that_reads_a_protected_column_is_refused) {
  const gatekeeper g = gate(R"({"protected":["attr.gender"]})");
  gate_question q = mail();
  q.reads = "p_alive,attr.region";
  EXPECT_EQ(answer(g, "ann", q), "");
  q.reads = "p_alive, attr.gender";
  EXPECT_EQ(answer(g, "ann", q),
            "PROTECTED_ATTRIBUTE: Plugin 'org.test' reads 'attr.gender', which no decision may "
            "look at.");
  q.reads = "attr.genders";
  EXPECT_EQ(answer(g, "ann", q), "");
}

TEST(gatekeeper, a_cap_is_a_window_that_is_open_at_its_far_end) {
  const std::string rule = R"({"caps":[{"channel":"email","limit":1,"days":7}]})";
  const auto sent = [&](std::string_view when) {
    return gate(rule,
                {{"contacts", contact_header + "ann," + std::string(when) + ",email,sent,,\n"}});
  };
  EXPECT_EQ(answer(sent("2026-06-08T12:00:00Z"), "ann"), "") << "exactly 7 x 24 hours old";
  EXPECT_EQ(answer(sent("2026-06-08T12:00:00.000001Z"), "ann"),
            "CONTACT_CAP: 1 contacts by email in the last 7 days, the last on 2026-06-08; 1 "
            "allowed. Possible again from 2026-06-15.");
  EXPECT_EQ(code(sent("2026-06-15T12:00:00Z"), "ann"), "CONTACT_CAP") << "sent just now";
  EXPECT_EQ(answer(sent("2026-06-15T12:00:00.000001Z"), "ann"), "") << "not yet sent";
  EXPECT_EQ(answer(sent("2026-06-14"), "bob"), "");
  EXPECT_EQ(answer(sent("2026-06-14"), "ann", over("sms")), "");
}

TEST(gatekeeper, a_cap_of_0_allows_nothing_and_no_cap_allows_everything) {
  EXPECT_EQ(answer(gate(R"({"caps":[{"category":"research","limit":0,"days":1}]})"),
                   "ann",
                   asking("ask", "research")),
            "CONTACT_CAP: The policy allows no research contacts at all.");
  EXPECT_EQ(answer(gate(R"({"caps":[]})"), "ann", asking("ask", "research")), "");
}

TEST(gatekeeper, exempt_categories_are_neither_capped_nor_counted) {
  const gatekeeper g =
      gate(R"({"exempt":["transactional"],"caps":[{"channel":"email","limit":2,"days":7}]})",
           {{"contacts",
             contact_header + "ann,2026-06-14,email,sent,transactional,\n" +
                 "ann,2026-06-13,email,sent,transactional,\nann,2026-06-12,email,sent,,\n" +
                 "bob,2026-06-14,email,sent,,\nbob,2026-06-13,email,sent,research,\n"}});
  EXPECT_EQ(answer(g, "ann"), "");
  EXPECT_EQ(code(g, "bob"), "CONTACT_CAP");
  EXPECT_EQ(answer(g, "bob", asking("order.sent", "transactional")), "");
}

TEST(gatekeeper, a_cap_may_name_a_channel_a_category_both_or_neither) {
  const fact_texts facts{{"contacts",
                          contact_header + "ann,2026-06-14,email,sent,marketing,\n" +
                              "ann,2026-06-14,sms,redeemed,marketing,\n"}};
  const auto with = [&](std::string_view cap) {
    return gate(R"({"caps":[{)" + std::string(cap) + R"("limit":1,"days":7}]})", facts);
  };
  const gatekeeper category = with(R"("category":"marketing",)");
  EXPECT_EQ(code(category, "ann", over("sms")), "CONTACT_CAP");
  EXPECT_EQ(answer(category, "ann", asking("ask", "research")), "");
  const gatekeeper both = with(R"("channel":"email","category":"marketing",)");
  EXPECT_EQ(code(both, "ann"), "CONTACT_CAP");
  EXPECT_EQ(answer(both, "ann", over("sms")), "");
  EXPECT_EQ(code(with(""), "ann", asking("ask", "research")), "CONTACT_CAP");
}

TEST(gatekeeper, a_cooldown_follows_the_action) {
  const gatekeeper g = gate(R"({"cooldowns":[{"action":"winback.*","days":30}]})",
                            {{"contacts",
                              contact_header + "ann,2026-05-20,email,sent,,winback.mail\n" +
                                  "bob,2026-05-16T12:00:00Z,email,sent,,winback.mail\n" +
                                  "cy,2026-06-01,email,redeemed,,winback.mail\n"}});
  EXPECT_EQ(answer(g, "ann", asking("winback.gift")),
            "COOLDOWN: 'winback.mail' was sent on 2026-05-20; 'winback.*' rests for 30 days, until "
            "2026-06-19.");
  EXPECT_EQ(answer(g, "ann", asking("upsell.mail")), "");
  EXPECT_EQ(answer(g, "bob", asking("winback.gift")), "") << "exactly 30 days ago";
  EXPECT_EQ(answer(g, "cy", asking("winback.gift")), "") << "a redemption is not a contact sent";
}

TEST(gatekeeper, marketing_rests_after_rejections_in_a_row) {
  const std::string no = ",email,rejected,,\n";
  const gatekeeper g = gate(
      R"({"after_rejections":{"count":2,"days":60}})",
      {{"contacts",
        contact_header + "ann,2026-05-01" + no + "ann,2026-05-20" + no +                      //
            "bob,2026-05-01" + no + "bob,2026-05-10,email,redeemed,,\nbob,2026-05-20" + no +  //
            "cy,2026-04-01" + no + "cy,2026-04-16T12:00:00Z" + no +                           //
            "dan,2026-03-01" + no + "dan,2026-03-02" + no + "dan,2026-06-01" + no}});
  EXPECT_EQ(answer(g, "ann"),
            "COOLDOWN: 2 rejections in a row, the last on 2026-05-20: no marketing for 60 days, "
            "until 2026-07-19.");
  EXPECT_EQ(answer(g, "ann", asking("ask", "research")), "");
  EXPECT_EQ(answer(g, "bob"), "");
  EXPECT_EQ(answer(g, "cy"), "") << "exactly 60 days ago";
  EXPECT_EQ(code(g, "dan"), "COOLDOWN") << "another rejection starts the rest anew";
}

TEST(gatekeeper, conflicts_hold_both_ways_and_for_patterns) {
  const gatekeeper g = gate(R"({"conflicts":[["winback.*","free_shipping.*"]]})",
                            {{"contacts",
                              contact_header + "ann,2026-06-10,email,sent,,winback.mail\n" +
                                  "bob,2026-06-10,email,sent,,free_shipping.cart\n" +
                                  "cy,2026-06-01T12:00:00Z,email,sent,,winback.mail\n"}});
  EXPECT_EQ(answer(g, "ann", asking("free_shipping.cart")),
            "CONFLICT: 'winback.mail' was sent on 2026-06-10, and the two do not go together "
            "within 14 days.");
  EXPECT_EQ(code(g, "bob", asking("winback.gift")), "CONFLICT");
  EXPECT_EQ(answer(g, "ann", asking("winback.gift")), "");
  EXPECT_EQ(answer(g, "bob", asking("free_shipping.cart")), "");
  EXPECT_EQ(answer(g, "cy", asking("free_shipping.cart")), "") << "exactly 14 days ago";
}

TEST(gatekeeper, no_second_benefit_while_one_is_open) {
  const std::string header = "customer,time,channel,kind,action,benefit_until,decision_id\n";
  const gatekeeper g = gate(
      R"({"one_open_benefit":true})",
      {{"contacts",
        header + "open,2026-06-01,email,sent,gift,2026-06-30,d1\n" +
            "past,2026-06-01,email,sent,gift,2026-06-15T12:00:00Z,d2\n" +
            "used,2026-06-01,email,sent,gift,2026-06-30,d3\n" +
            "used,2026-06-02,shop,redeemed,gift,,d3\n" +
            "other,2026-06-01,email,sent,gift,2026-06-30,d4\n" +
            "other,2026-06-02,shop,redeemed,gift,,d5\n" +
            "name,2026-06-01,email,sent,gift,2026-06-30,\n" +
            "name,2026-06-02,shop,redeemed,gift,,\n" +
            "before,2026-06-03,email,sent,gift,2026-06-30,\n" +
            "before,2026-06-02,shop,redeemed,gift,,\n" + "plain,2026-06-03,email,sent,gift,,\n"}});
  EXPECT_EQ(answer(g, "open", coupon()),
            "BENEFIT_OPEN: A benefit of 'gift' sent on 2026-06-01 is still open until 2026-06-30.");
  EXPECT_EQ(answer(g, "open"), "") << "a plain mail gives nothing";
  gate_question share = mail();
  share.discount_share = .1;
  EXPECT_EQ(code(g, "open", share), "BENEFIT_OPEN");
  EXPECT_EQ(answer(g, "past", coupon()), "") << "its end is not ahead";
  EXPECT_EQ(answer(g, "used", coupon()), "");
  EXPECT_EQ(code(g, "other", coupon()), "BENEFIT_OPEN") << "another one was redeemed";
  EXPECT_EQ(answer(g, "name", coupon()), "") << "without ids the action says it";
  EXPECT_EQ(code(g, "before", coupon()), "BENEFIT_OPEN") << "redeemed before it was sent";
  EXPECT_EQ(answer(g, "plain", coupon()), "");
}

TEST(gatekeeper, stock_and_seats_that_are_used_up) {
  const gatekeeper g = gate(R"({"stock":{"gift.mug":0,"seats.launch":0,"gift.pen":1}})");
  const auto taking = [](std::string_view resource) {
    gate_question q = mail();
    q.resource = resource;
    return q;
  };
  EXPECT_EQ(answer(g, "ann", taking("gift.mug")), "NO_STOCK: Nothing is left of 'gift.mug'.");
  EXPECT_EQ(code(g, "ann", taking("seats.launch")), "NO_SEATS");
  EXPECT_EQ(answer(g, "ann", taking("gift.pen")), "");
  EXPECT_EQ(answer(g, "ann", taking("seats.other")), "") << "not listed: not limited";
}

TEST(gatekeeper, a_suspended_plugin_is_refused_by_name) {
  EXPECT_EQ(code(gate(R"({"suspended":["org.test"]})"), "ann"), "PLUGIN_SUSPENDED");
  EXPECT_EQ(answer(gate(R"({"suspended":["org.tes"]})"), "ann"), "");
}

TEST(gatekeeper, keeps_the_margin_floor_after_stacking) {
  const gatekeeper g = gate(R"({"margin_floor":0.05})",
                            {{"customers",
                              "customer,order_value,order_cost,order_shipping,running_discount\n"
                              "ann,100,65,,0.1\nbob,100,60,5,\ncy,,60,5,\ndan,100,94,5,\n"}});
  gate_question q = mail();
  q.discount_share = .2;
  EXPECT_EQ(answer(g, "ann", q), "") << "100 (1 - .1 - .2) - 65 = 5, the floor itself";
  q.discount_share = .21;
  EXPECT_EQ(answer(g, "ann", q),
            "MARGIN_FLOOR: Of an order of EUR 100.00 there would be EUR 4.00 left after discounts "
            "of 31 %, a benefit of EUR 0.00 and EUR 65.00 for goods and shipping; the floor is EUR "
            "5.00.");
  q.benefit = 30;
  q.discount_share = .3;
  EXPECT_EQ(answer(g, "bob", q), "") << "the benefit is the discount, not another one";
  q.discount_share = 0;
  EXPECT_EQ(answer(g, "bob", q), "") << "100 - 60 - 5 - 30 = 5";
  q.benefit = 30.01;
  EXPECT_EQ(code(g, "bob", q), "MARGIN_FLOOR");
  EXPECT_EQ(answer(g, "cy", q), "") << "no order value is known";
  EXPECT_EQ(answer(g, "dan"), "") << "a plain mail takes nothing off the order";
  EXPECT_EQ(answer(g, "nobody", q), "");
}

TEST(gatekeeper, who_buys_only_on_discount_gets_none) {
  const gatekeeper g =
      gate(R"({"deal_seeker":{"share":0.8,"orders":5}})",
           {{"customers", "customer,orders,discounted_orders\nann,5,4\nbob,5,3\ncy,4,4\ndan,,\n"}});
  gate_question q = mail();
  q.discount_share = .1;
  EXPECT_EQ(answer(g, "ann", q),
            "DEAL_SEEKER: 4 of 5 orders were bought at a discount: another one would be spent on "
            "buying cheaper, not more.");
  EXPECT_EQ(answer(g, "bob", q), "");
  EXPECT_EQ(answer(g, "cy", q), "") << "too few orders to say";
  EXPECT_EQ(answer(g, "dan", q), "");
  EXPECT_EQ(answer(g, "ann"), "") << "a plain mail is no discount";
  EXPECT_EQ(code(g, "ann", coupon()), "DEAL_SEEKER") << "a benefit of a kind that is not said";
  gate_question gift = coupon();
  gift.benefit_kind = "gift";
  EXPECT_EQ(answer(g, "ann", gift), "");
}

TEST(gatekeeper, the_worst_case_has_a_limit) {
  const gatekeeper g = gate(R"({"worst_case_limit":50})");
  gate_question q = mail();
  q.worst_case = 50;
  EXPECT_EQ(answer(g, "ann", q), "");
  q.worst_case = 50.01;
  EXPECT_EQ(answer(g, "ann", q),
            "WORST_CASE_SPEND: It can cost EUR 50.01 at worst; the limit is EUR 50.00.");
}

TEST(gatekeeper, what_happened_before_a_merge_counts_after_it) {
  const gatekeeper g = gate(
      R"({"caps":[{"channel":"email","limit":1,"days":7}]})",
      {{"customers", "customer,merged_into\nold,middle\nmiddle,new\n"},
       {"contacts", contact_header + "old,2026-06-14,email,sent,,\nold,2026-06-14,sms,bounced,,\n"},
       {"consent", "customer,channel,time,granted\nmiddle,phone,2026-06-01,0\n"}});
  EXPECT_EQ(code(g, "new"), "CONTACT_CAP");
  EXPECT_EQ(code(g, "new", over("sms")), "CHANNEL_UNREACHABLE");
  EXPECT_EQ(code(g, "new", over("phone")), "NO_CONSENT");
  EXPECT_EQ(code(g, "old"), "MERGED");
}

// One customer for whom everything is wrong: removing the first reason shows the next.
TEST(gatekeeper, the_first_refusal_in_the_stated_order_is_given) {
  const std::string rules =
      R"({"consent":["email"],"protected":["attr.gender"],"caps":[{"limit":0,"days":1}],
          "cooldowns":[{"action":"test.*","days":30}],"conflicts":[["test.*","a"]],
          "one_open_benefit":true,"stock":{"mug":0},"suspended":["org.test"],
          "margin_floor":0.5,"deal_seeker":{"share":0.5,"orders":1},"worst_case_limit":1})";
  gate_question q = coupon();
  q.reads = "attr.gender";
  q.resource = "mug";
  q.worst_case = 2;
  const auto code_with = [&](const std::string& flags,
                             const std::string& granted,
                             const std::string& contact,
                             bool veto_it) {
    const gatekeeper g =
        gate(rules,
             {{"customers",
               "customer,erased,merged_into,legal_hold,complaint_open,unreachable,orders,"
               "discounted_orders,order_value\nann," +
                   flags + ",1,1,10\n"},
              {"consent", "customer,channel,time,granted\nann,email,2026-01-01," + granted + "\n"},
              {"contacts", "customer,time,channel,kind,action,benefit_until\n" + contact}});
    std::vector<veto> vetoes;
    if (veto_it) vetoes.push_back({"org.hold", "", "no."});
    return code(g, "ann", q, vetoes);
  };
  const std::string both = "ann,2026-06-14,email,sent,test.x,2026-06-30\n";
  EXPECT_EQ(code_with("1,x,1,1,email", "0", both, true), "ERASED");
  EXPECT_EQ(code_with("0,x,1,1,email", "0", both, true), "MERGED");
  EXPECT_EQ(code_with("0,,1,1,email", "0", both, true), "NO_CONSENT");
  EXPECT_EQ(code_with("0,,1,1,email", "1", both, true), "LEGAL_HOLD");
  EXPECT_EQ(code_with("0,,0,1,email", "1", both, true), "COMPLAINT_OPEN");
  EXPECT_EQ(code_with("0,,0,0,email", "1", both, true), "VETOED");
  EXPECT_EQ(code_with("0,,0,0,email", "1", both, false), "CHANNEL_UNREACHABLE");
  EXPECT_EQ(code_with("0,,0,0,", "1", both, false), "PROTECTED_ATTRIBUTE");
  q.reads = "";
  EXPECT_EQ(code_with("0,,0,0,", "1", both, false), "COOLDOWN");
  EXPECT_EQ(code_with("0,,0,0,", "1", "", false), "CONTACT_CAP");
}

TEST(gatekeeper, the_later_refusals_keep_their_order_too) {
  const std::string all[] = {R"("conflicts":[["test.*","a"]])",
                             R"("one_open_benefit":true)",
                             R"("stock":{"seats.x":0})",
                             R"("suspended":["org.test"])",
                             R"("margin_floor":0.6)",
                             R"("deal_seeker":{"share":0.5,"orders":1})",
                             R"("worst_case_limit":1)"};
  const char* codes[] = {"CONFLICT",
                         "BENEFIT_OPEN",
                         "NO_SEATS",
                         "PLUGIN_SUSPENDED",
                         "MARGIN_FLOOR",
                         "DEAL_SEEKER",
                         "WORST_CASE_SPEND"};
  gate_question q = coupon();
  q.resource = "seats.x";
  q.worst_case = 2;
  for (std::size_t first = 0; first < std::size(all); ++first) {
    std::string rules;
    for (std::size_t i = first; i < std::size(all); ++i)
      rules += (rules.empty() ? "{" : ",") + all[i];
    const gatekeeper g =
        gate(rules + "}",
             {{"customers", "customer,orders,discounted_orders,order_value\nann,1,1,10\n"},
              {"contacts",
               "customer,time,channel,kind,action,benefit_until\nann,2026-06-14,email,sent,a,2026-"
               "06-30\n"}});
    EXPECT_EQ(code(g, "ann", q), codes[first]);
  }
}

}  // namespace
}  // namespace clv::retention::test
