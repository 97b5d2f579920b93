#include "desk/performance/case_mix.hpp"

#include <array>
#include <map>
#include <utility>

namespace clv::desk {
namespace {

struct tally {
  double sum = 0, n = 0;
  void add(double y) { sum += y, n += 1; }
};

// The cells of one answer, the widest first. A byte that no word has separates words.
std::array<std::string, 4> cells_of(const rated_answer& a) {
  std::array<std::string, 4> cells;
  cells[1] = "\x1f" + a.category;
  cells[2] = cells[1] + "\x1f" + a.severity;
  cells[3] = cells[2] + "\x1f" + a.channel;
  return cells;
}

}  // namespace

std::vector<double> expected_satisfaction(const std::vector<rated_answer>& answers, double k) {
  std::map<std::string, tally> all;
  std::map<std::pair<std::string, std::string>, tally> own;  // by agent and cell
  for (const rated_answer& a : answers) {
    for (const std::string& cell : cells_of(a)) {
      all[cell].add(a.satisfaction);
      own[{a.agent, cell}].add(a.satisfaction);
    }
  }
  std::vector<double> expected;
  expected.reserve(answers.size());
  for (const rated_answer& a : answers) {
    double e = all[""].sum / all[""].n;
    for (const std::string& cell : cells_of(a)) {
      const tally& every = all[cell];
      const tally& mine = own[{a.agent, cell}];
      const double n = every.n - mine.n, prior = cell.empty() ? 0 : k;
      if (n + prior > 0) e = (every.sum - mine.sum + prior * e) / (n + prior);
    }
    expected.push_back(e);
  }
  return expected;
}

}  // namespace clv::desk
