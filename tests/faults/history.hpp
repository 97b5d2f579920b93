// What was sent, what was acknowledged, and whether a store kept its word: everything acknowledged
// is there, nothing is there by halves or twice, and nothing that nobody sent.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace clv::test {

class history {
 public:
  void sent(int batch, std::size_t rows) { sent_[batch] = rows; }
  void acknowledged(int batch) { acknowledged_.insert(batch); }
  std::size_t acknowledged() const { return acknowledged_.size(); }

  // The event id of a row; stored ids are parsed back.
  static std::string id(int batch, std::size_t row) {
    return std::to_string(batch) + "." + std::to_string(row);
  }

  struct verdict {
    std::size_t lost = 0;     // acknowledged batches of which nothing is there
    std::size_t partial = 0;  // batches of which only some rows are there
    std::size_t doubled = 0;  // rows that are there twice
    std::size_t unknown = 0;  // rows that nobody sent
    bool good() const { return lost + partial + doubled + unknown == 0; }
  };

  verdict check(const std::vector<std::string>& stored) const {
    verdict v;
    std::map<int, std::set<std::size_t>> found;
    for (const std::string& event : stored) {
      const std::size_t dot = event.find('.');
      const int batch = std::stoi(event.substr(0, dot));
      const std::size_t row = std::stoul(event.substr(dot + 1));
      const auto was_sent = sent_.find(batch);
      if (was_sent == sent_.end() || row >= was_sent->second) {
        ++v.unknown;
      } else if (!found[batch].insert(row).second) {
        ++v.doubled;
      }
    }
    for (const auto& [batch, rows] : sent_) {
      const auto here = found.find(batch);
      const std::size_t kept = here == found.end() ? 0 : here->second.size();
      if (kept == 0 && acknowledged_.contains(batch)) ++v.lost;
      if (kept > 0 && kept < rows) ++v.partial;
    }
    return v;
  }

 private:
  std::map<int, std::size_t> sent_;  // rows of each batch
  std::set<int> acknowledged_;
};

inline void PrintTo(const history::verdict& v, std::ostream* to) {
  *to << v.lost << " lost, " << v.partial << " partial, " << v.doubled << " doubled, " << v.unknown
      << " unknown";
}

}  // namespace clv::test
