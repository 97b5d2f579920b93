// clv predict against the figures that papers and packages print, model by model. "own" figures of
// the sources agree to all printed digits, so each tolerance is half a unit of the last digit, as
// a share; where the parameters are the rounded ones of a fit, what that rounding can move.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "command.hpp"

namespace clv::test {
namespace {

// One call: rows of a summary, what is asked of each, and what the source prints.
struct figures {
  std::string model, parameters, summary, horizon, quantity;
  std::vector<double> expected;
  double relative;
};

outcome predict(const figures& f) {
  const scratch folder;
  std::vector<std::string> call{"predict",
                                "--model",
                                f.model,
                                "--params",
                                f.parameters,
                                "--summary",
                                folder.file("s.csv", f.summary),
                                "--quantities",
                                f.quantity};
  if (!f.horizon.empty()) call.insert(call.end(), {"--horizon", f.horizon});
  return run_clv(call);
}

// One column: a row per customer. Several: their cells in order.
void expect(const figures& f) {
  const outcome o = predict(f);
  ASSERT_EQ(o.status, 0) << f.model << " " << f.quantity << ": " << o.err;
  const auto rows = csv_cells(o.out);
  std::vector<double> given;
  std::string header;
  for (const std::string& name : rows[0]) header += (header.empty() ? "" : ",") + name;
  EXPECT_EQ(header, f.quantity);  // columns are named as they were asked for
  for (std::size_t row = 1; row < rows.size(); ++row) {
    for (const std::string& cell : rows[row]) given.push_back(to_double(cell));
  }
  ASSERT_EQ(given.size(), f.expected.size()) << f.model << " " << f.quantity;
  for (std::size_t i = 0; i < given.size(); ++i) {
    EXPECT_NEAR(given[i], f.expected[i], f.relative * std::abs(f.expected[i]) + 1e-300)
        << f.model << " " << f.quantity << ", value " << i + 1;
  }
}

std::string pmf_list(int first, int last) {
  std::string list;
  for (int n = first; n <= last; ++n) list += (list.empty() ? "pmf:" : ",pmf:") + std::to_string(n);
  return list;
}

const std::string bg = "r=.2425982,alpha=4.413684,a=.7929899,b=2.426167";  // BTYD manual
const std::string bg_paper = "r=.243,alpha=4.414,a=.793,b=2.426";
const std::string mbg = "r=.525,alpha=6.183,a=.891,b=1.614";
const std::string pareto = "r=.553277,alpha=10.577683,s=.606240,beta=11.668734";
const std::string pareto_paper = "r=.55,alpha=10.56,s=.61,beta=11.64";
const std::string one_time = "x,t_x,T\n0,0,39\n";
const std::string customer_1516 = "x,t_x,T\n26,30.857142857142858,31\n";
const std::string early_heavy = "x,t_x,T\n10,20,39\n15,20,39\n20,20,39\n25,20,39\n";

TEST(predict, bg_nbd_gives_the_figures_of_the_btyd_manual) {
  // The manual's own series stops early: its figures are good to 1e-5, the others are "own".
  expect({"bg_nbd", bg, one_time, "52", "expected_new", {1.444004}, 1e-5});
  expect({"bg_nbd", bg, customer_1516, "52", "expected_purchases", {25.756538}, 2e-8});
  expect({"bg_nbd", bg, customer_1516, "", "p_alive", {.9688523}, 1e-5});
  expect({"bg_nbd",
          bg,
          early_heavy,
          "52",
          "expected_purchases",
          {.34746025, .042833953, .0041589855, .00035837041},
          2e-8});
}

TEST(predict, bg_nbd_gives_the_count_distribution_of_the_paper) {
  expect({"bg_nbd", bg_paper, one_time, "2", "pmf:10", {1.07869e-07}, 5e-6});
  expect({"bg_nbd", bg_paper, one_time, "39", "pmf:0", {.5737864}, 1e-7});
  expect({"bg_nbd",
          bg_paper,
          one_time,
          "30",
          pmf_list(11, 20),
          {.0019995214,
           .0015170236,
           .0011633150,
           .0009003148,
           .0007023638,
           .0005517902,
           .0004361913,
           .0003467171,
           .0002769613,
           .0002222260},
          3e-7});
  // Note 039, eq. 34, with the indicator that one package forgets.
  expect({"bg_nbd", bg_paper, "x,t_x,T\n0,0,10\n", "10", "no_purchase", {.879809}, 6e-7});
  expect({"bg_nbd", bg_paper, "x,t_x,T\n2,30.43,38.86\n", "39", "no_purchase", {.445373}, 2e-6});
  expect({"bg_nbd", bg_paper, "x,t_x,T\n3,100,500\n", "3", "no_purchase", {.999378}, 6e-7});
  expect({"bg_nbd", bg_paper, "x,t_x,T\n100,100,100\n", "30", "no_purchase", {.007758}, 7e-5});
}

TEST(predict, mbg_nbd_gives_its_figures_on_cdnow) {
  for (const auto& [t, value] : {std::pair{"1", .0530848},
                                 {"3", .1508633},
                                 {"39", 1.182954},
                                 {"52", 1.419724},
                                 {"78", 1.804758}}) {
    expect({"mbg_nbd", mbg, one_time, t, "expected_new", {value}, 1e-6});
  }
  const std::string two = "x,t_x,T\n0,0,39\n2,30.43,38.86\n";
  expect({"mbg_nbd", mbg, two, "", "p_alive", {.389348, .706202}, 2e-6});
  expect(
      {"mbg_nbd", mbg, "x,t_x,T\n2,30.43,38.86\n", "39", "expected_purchases", {1.262961}, 4e-7});
  expect({"mbg_nbd",
          mbg,
          one_time,
          "39",
          pmf_list(0, 5),
          {.582473, .182783, .0868948, .0485704, .0297741, .0193873},
          3e-6});
}

TEST(predict, pareto_nbd_gives_its_figures_on_cdnow) {
  // The parameters have six decimals, which moves predictions by up to 1e-6.
  expect({"pareto_nbd", pareto, one_time, "52", "expected_new", {1.4734342}, 1e-6});
  expect({"pareto_nbd", pareto, one_time, "", "p_alive", {.29427629}, 1e-6});
  expect({"pareto_nbd", pareto, customer_1516, "52", "expected_purchases", {25.455183}, 1e-6});
  expect({"pareto_nbd", pareto, customer_1516, "", "p_alive", {.9978734}, 1e-6});
  expect({"pareto_nbd",
          pareto,
          early_heavy,
          "52",
          "expected_purchases",
          {.70588838, .14415074, .022490145, .0030900667},
          2e-6});
}

TEST(predict, pareto_nbd_gives_the_count_distribution_at_the_papers_parameters) {
  const double mean[] = {.05077821,
                         .09916088,
                         .14542507,
                         .18979930,
                         .23247466,
                         .27361274,
                         .31335159,
                         .35181024,
                         .38909211};
  for (int t = 1; t <= 9; ++t) {
    expect({"pareto_nbd",
            pareto_paper,
            one_time,
            std::to_string(t),
            "expected_new",
            {mean[t - 1]},
            2e-7});
  }
  const std::string seen = "x,t_x,T\n10,35,39\n";
  expect({"pareto_nbd", pareto_paper, seen, "2", "expected_purchases", {.388412}, 2e-6});
  expect({"pareto_nbd", pareto_paper, one_time, "2", "pmf:10", {1.8937e-09}, 3e-5});
  expect({"pareto_nbd", pareto_paper, one_time, "39", "pmf:0", {.595938}, 1e-6});
  expect({"pareto_nbd",
          pareto_paper,
          one_time,
          "30",
          pmf_list(11, 20),
          {.00188994,
           .00133228,
           .000943244,
           .00067025,
           .000477746,
           .000341443,
           .000244594,
           .000175574,
           .000126256,
           .0000909373},
          4e-6});
}

TEST(predict, pareto_nbd_gives_the_discounted_purchases_of_the_paper) {
  const std::string all_weeks = "r=.5629966,alpha=12.559037,s=.4081095,beta=10.5148048";
  expect({"pareto_nbd", all_weeks, "x,t_x,T\n7,35,77.86\n", "", "dert:.0027", {1.8641833}, 1e-7});
  std::string rising = "x,t_x,T\n";
  for (int x = 1; x <= 10; ++x) rising += std::to_string(x) + ",30,77.86\n";
  expect({"pareto_nbd",  // it rises and then falls: the frequency paradox
          all_weeks,
          rising,
          "",
          "dert:.0027",
          {2.19916, 2.84353, 2.86713, 2.44541, 1.84050, 1.26242, .80962, .49480, .29202, .16793},
          4e-5});
  expect({"pareto_nbd",
          pareto,
          "x,t_x,T\n0,0,39\n2,30.43,38.86\n7,35,38.86\n26,30.857142857142858,31\n",
          "",
          "dert:.0027",
          {.474764, 6.482033, 20.652508, 86.024366},
          2e-6});
}

// As b -> 0 with beta / b fixed, GG/NBD becomes Pareto/NBD with that ratio as its beta.
TEST(predict, gg_nbd_approaches_pareto_nbd) {
  const std::string summary = "x,t_x,T\n0,0,39\n2,30.43,38.86\n26,30.857142857142858,31\n";
  const std::string quantities = "log_likelihood,p_alive,expected_purchases";
  const outcome limit = predict({"pareto_nbd", pareto, summary, "52", quantities, {}, 0});
  const outcome close = predict({"gg_nbd",
                                 "r=.553277,alpha=10.577683,b=1e-7,s=.606240,beta=1.1668734e-6",
                                 summary,
                                 "52",
                                 quantities,
                                 {},
                                 0});
  ASSERT_EQ(limit.status, 0) << limit.err;
  ASSERT_EQ(close.status, 0) << close.err;
  const auto a = csv_cells(limit.out), b = csv_cells(close.out);
  for (std::size_t row = 1; row < a.size(); ++row) {
    for (std::size_t c = 0; c < a[row].size(); ++c) {
      // The difference is of the order b T.
      EXPECT_NEAR(
          to_double(b[row][c]), to_double(a[row][c]), 1e-4 * std::abs(to_double(a[row][c])));
    }
  }
}

TEST(predict, nbd_gives_its_closed_forms) {
  const std::string parameters = "r=.384766,alpha=12.072023";
  const std::string seen = "x,t_x,T\n3,20,39\n";
  const double rate = (.384766 + 3) / (12.072023 + 39);
  expect({"nbd", parameters, seen, "39", "expected_purchases", {39 * rate}, 1e-14});
  expect({"nbd", parameters, seen, "", "p_alive", {1}, 0});
  expect({"nbd", parameters, seen, "", "dert:.0027", {rate / .0027}, 1e-13});
  expect({"nbd", parameters, seen, "39", "expected_new", {39 * .384766 / 12.072023}, 1e-14});
}

// k = 1 is the model without k.
TEST(predict, cnbd_1_is_the_model_without_k) {
  const std::string summary = "x,t_x,T\n0,0,39\n2,30.43,38.86\n26,30.857142857142858,31\n";
  const std::string quantities =
      "log_likelihood,p_alive,expected_purchases,no_purchase,expected_new,pmf:0,pmf:3";
  for (const auto& [with_k, without, parameters] :
       {std::tuple{"bg_cnbd_k", "bg_nbd", bg_paper}, {"mbg_cnbd_k", "mbg_nbd", mbg}}) {
    const outcome one = predict({without, parameters, summary, "39", quantities, {}, 0});
    ASSERT_EQ(one.status, 0) << one.err;
    const auto cells = csv_cells(one.out);
    std::vector<double> expected;
    for (std::size_t row = 1; row < cells.size(); ++row) {
      for (const std::string& cell : cells[row]) expected.push_back(to_double(cell));
    }
    expect({with_k, parameters + ",k=1", summary, "39", quantities, expected, 1e-12});
  }
}

TEST(predict, cnbd_2_reads_the_intervals_of_each_customer) {
  const std::string parameters = "r=.22692,alpha=1.46292,a=.94400,b=2.07433,k=2";
  const std::string quantities = "log_likelihood,p_alive";
  const outcome o = predict(
      {"bg_cnbd_k", parameters, "x,t_x,T,litt\n2,30,39,4.5\n2,30,39,5.5\n", "", quantities, {}, 0});
  ASSERT_EQ(o.status, 0) << o.err;
  const auto rows = csv_cells(o.out);
  // LL has (k - 1) litt and nothing else of it.
  EXPECT_NEAR(to_double(rows[2][0]) - to_double(rows[1][0]), 1, 1e-12);
  EXPECT_EQ(rows[1][1], rows[2][1]);
}

const std::string donations = "alpha=1.203522,beta=.749716,gamma=.656718,delta=2.783442";

TEST(predict, bg_bb_gives_the_log_likelihood_of_each_cell) {
  struct cell {
    int x, t_x;
    double value;
  };
  const std::vector<cell> cells{
      {6, 6, -2.18167}, {5, 6, -4.29485}, {4, 6, -5.38473}, {3, 6, -5.80916}, {2, 6, -5.65173},
      {1, 6, -4.88370}, {5, 5, -3.71682}, {4, 5, -5.09558}, {3, 5, -5.61577}, {2, 5, -5.50637},
      {1, 5, -4.76724}, {4, 4, -3.84830}, {3, 4, -5.05936}, {2, 4, -5.19562}, {1, 4, -4.57071},
      {3, 3, -3.52745}, {2, 3, -4.51620}, {1, 3, -4.22466}, {2, 2, -3.01200}, {1, 2, -3.58818},
      {1, 1, -2.28883}, {0, 0, -1.16752}};
  std::string summary = "x,t.x,n.cal\n";
  std::vector<double> expected;
  for (const cell& c : cells) {
    summary += std::to_string(c.x) + "," + std::to_string(c.t_x) + ",6\n";
    expected.push_back(c.value);
  }
  expect({"bg_bb", donations, summary, "", "log_likelihood", expected, 6e-6});
}

TEST(predict, bg_bb_gives_the_figures_of_the_donations) {
  const std::string never = "x,t_x,n\n0,0,6\n";
  const double mean[] = {
      .4985, .9233, 1.2969, 1.6323, 1.9381, 2.2202, 2.4826, 2.7285, 2.9603, 3.1798, 3.3887};
  for (int n = 1; n <= 11; ++n) {
    expect({"bg_bb",
            donations,
            never,
            std::to_string(n),
            "expected_new",
            {mean[n - 1]},
            .00005 / mean[n - 1]});
  }
  const std::string btyd = "alpha=1.203528,beta=.7497260,gamma=.6567808,delta=2.783796";
  const std::string two = "x,t_x,n\n0,0,6\n4,5,6\n";
  expect({"bg_bb", btyd, two, "10", "expected_purchases", {.1302169, 3.627858}, 5e-7});
  const std::string three = "x,t_x,n\n0,0,6\n2,4,6\n6,6,6\n";
  expect({"bg_bb", donations, three, "", "survival:1", {.1081, .5897, .9304}, 5e-4});
  const std::string rounded = "alpha=1.20,beta=.75,gamma=.66,delta=2.78";
  expect({"bg_bb", rounded, "x,t_x,n\n3,4,6\n", "", "dert:.1", {1.621379}, 4e-7});
  expect({"bg_bb",
          rounded,
          "x,t_x,n\n1,6,6\n2,6,6\n3,6,6\n4,6,6\n5,6,6\n6,6,6\n",
          "",
          "dert:.1",
          {1.8020, 2.6212, 3.4403, 4.2594, 5.0785, 5.8976},
          3e-5});
}

TEST(predict, sbg_gives_the_survival_of_the_paper) {
  const std::string fresh = "x,n\n0,0\n";
  std::string years;
  for (int t = 1; t <= 12; ++t) years += (t == 1 ? "survival:" : ",survival:") + std::to_string(t);
  const std::vector<double> regular{
      .6267, .4738, .3880, .3321, .2923, .2625, .2390, .2201, .2044, .1912, .1799, .1700};
  const std::vector<double> high_end{
      .8507, .7469, .6698, .6099, .5618, .5222, .4889, .4604, .4358, .4142, .3951, .3780};
  expect({"sbg", "alpha=.704077,beta=1.182043", fresh, "", years, regular, 3e-4});
  expect({"sbg", "alpha=.668088,beta=3.806095", fresh, "", years, high_end, 3e-4});
  expect({"bdw", "alpha=.704077,beta=1.182043,c=1", fresh, "", years, regular, 3e-4});
}

// n is the renewal the customer faces next: n - 1 were made.
TEST(predict, sbg_gives_the_discounted_lifetimes_of_the_paper) {
  const std::string renewals = "x,n\n0,0\n1,1\n2,2\n3,3\n4,4\n";
  expect({"sbg",
          "alpha=3.80,beta=15.20",
          renewals,
          "",
          "dert:.1",
          {3.3098, 3.4510, 3.5865, 3.7168, 3.8421},
          2e-5});
  expect({"sbg",
          "alpha=.067,beta=.267",
          renewals,
          "",
          "dert:.1",
          {7.6708, 9.4553, 9.8508, 10.0562, 10.1886},
          1e-5});
}

TEST(predict, gamma_gamma_alone_gives_the_spend_of_note_025) {
  const std::string parameters = "p=6.25,q=3.74,gamma=15.44";
  const std::string never = "x,t_x,T,mean_spend\n0,0,39,0\n";
  expect({"gamma_gamma", parameters, never, "", "expected_spend", {35.21898}, 2e-7});
  const double bought = 6.25 * (15.44 + 2 * 22.345) / (6.25 * 2 + 3.74 - 1);
  const std::string twice = "x,t_x,T,mean_spend\n2,30,39,22.345\n";
  expect({"gamma_gamma", parameters, twice, "", "expected_spend", {bought}, 1e-14});
}

// Values that overflow or vanish in other packages; confirmed with 40 to 50 digits.
TEST(predict, the_stress_table_holds) {
  const std::string pareto_stress = "r=10.465,alpha=.00798565181,s=3.0516,beta=2.82";
  const std::string heavy = "x,t_x,T\n400,5,6\n500,1,37\n500,4,37\n40,5,6\n50,1,37\n";
  expect(
      {"pareto_nbd",
       pareto_stress,
       heavy,
       "",
       "log_likelihood",
       {1323.18893096782, 2594.40445462276, 1888.82124973894, -5.71902158522311, 116.301264610116},
       1e-10});
  expect({"pareto_nbd",
          pareto_stress,
          heavy,
          "",
          "p_alive",
          {5.13745811332e-31, 0, 0, .00188512818736, 1.41714429129e-96},
          1e-9});
  const std::string apparel = "r=.5143,alpha=2.8845,s=.2856,beta=14.1087";
  const std::string four =
      "x,t_x,T\n221,103.42857,103.57143\n254,97.14286,97.28571\n161,94.71429,98\n"
      "204,98.57143,99.42857\n";
  expect({"pareto_nbd",
          apparel,
          four,
          "",
          "p_alive",
          {.999596052318, .999558226123, .749487752258, .994255079638},
          1e-9});
  expect({"pareto_nbd",
          apparel,
          four,
          "",
          "log_likelihood",
          {-61.584648561729, -19.623292217512, -87.429254863309, -65.198342189260},
          1e-10});
  expect({"pareto_nbd",
          "r=.55,alpha=10.58,s=.61,beta=11.67",
          "x,t_x,T\n132,200,200\n133,200,200\n",
          "10",
          "expected_purchases",
          {6.206051788963, 6.252872247574},
          1e-9});
  const std::string two = "x,t_x,T\n0,0,40\n200,38,40\n";
  const std::string four_letters = "r=.25,alpha=4,a=.8,b=2.5";
  expect({"bg_nbd", four_letters, two, "", "log_likelihood", {-.5994738182, 100.795693093}, 1e-9});
  expect(
      {"mbg_nbd", four_letters, two, "", "log_likelihood", {-.417928262045, 100.786909761}, 1e-9});
}

TEST(predict, says_what_a_model_lacks) {
  const scratch folder;
  const std::string s = folder.file("s.csv", "x,t_x,T,mean_spend\n2,3,5,20\n");
  const auto ask = [&](const char* model, const char* parameters, const char* quantities) {
    return run_clv({"predict",
                    "--model",
                    model,
                    "--params",
                    parameters,
                    "--summary",
                    s,
                    "--quantities",
                    quantities,
                    "--horizon",
                    "4"});
  };
  const outcome spend = ask("gamma_gamma", "p=6,q=4,gamma=15", "p_alive");
  EXPECT_EQ(spend.status, 2);
  EXPECT_NE(spend.err.find("p_alive"), std::string::npos) << spend.err;
  EXPECT_NE(spend.err.find("gamma_gamma"), std::string::npos) << spend.err;
  EXPECT_NE(spend.err.find("expected_spend"), std::string::npos) << spend.err;
  for (const char* wrong : {"expected_spend", "no_such", "pmf:", "pmf:-1", "pmf:1.5", "dert:x"}) {
    const outcome o = ask("bg_nbd", "r=1,alpha=1,a=1,b=1", wrong);
    EXPECT_EQ(o.status, 2) << wrong << ": " << o.err;
    EXPECT_NE(o.err.find(wrong), std::string::npos) << o.err;
  }
}

TEST(predict, needs_a_horizon_only_for_what_looks_ahead) {
  const scratch folder;
  const std::string s = folder.file("s.csv", "x,t_x,T\n2,3,5\n");
  const auto ask = [&](const std::string& quantities) {
    std::vector<std::string> call{
        "predict", "--model", "bg_nbd", "--params", "r=1,alpha=2,a=2,b=1", "--summary", s};
    if (!quantities.empty()) call.insert(call.end(), {"--quantities", quantities});
    return run_clv(call);
  };
  EXPECT_EQ(ask("log_likelihood,p_alive,dert:.01,survival:5").status, 0);
  for (const char* ahead : {"", "expected_purchases", "no_purchase", "expected_new", "pmf:3"}) {
    const outcome o = ask(ahead);
    EXPECT_EQ(o.status, 2) << ahead;
    EXPECT_NE(o.err.find("--horizon is missing"), std::string::npos) << o.err;
  }
}

}  // namespace
}  // namespace clv::test
