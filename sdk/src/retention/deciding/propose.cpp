#include <algorithm>
#include <exception>
#include <numeric>

#include "clv/decide.hpp"
#include "clv/schema.hpp"
#include "features/feature_columns.hpp"
#include "retention/deciding/copy_value.hpp"

namespace clv {
namespace {

constexpr std::size_t propose_rows_at_once = 4096;

std::string currency_of(const table& scores) {
  for (const field& f : find_schema("scores").fields) {
    const column* c = f.unit == "currency" ? scores.find(f.name) : nullptr;
    if (c != nullptr && !c->unit().empty()) return c->unit();
  }
  return {};
}

table empty_proposals(const std::string& currency) {
  table made;
  for (const field& f : find_schema("proposals").fields) {
    made.add(std::string(f.name), f.kind, f.unit == "currency" ? currency : std::string());
  }
  return made;
}

// Rows of `part` in rising order of `row`, those of one row in the order they were proposed.
std::vector<std::size_t> by_row(const table& part) {
  const auto rows = part.integers("row", type::i64);
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rows[a] < rows[b]; });
  return order;
}

class proposing_run {
 public:
  proposing_run(std::shared_ptr<const table> scores, std::vector<proposer*> proposers)
      : scores_(std::move(scores)),
        proposers_(std::move(proposers)),
        currency_(currency_of(*scores_)),
        made_(std::make_shared<table>(empty_proposals(currency_))),
        part_(empty_proposals(currency_)) {}

  void look_at(std::shared_ptr<const table> with_features) { scores_ = std::move(with_features); }

  double advance(outcome& result) {
    if (current_ < proposers_.size()) ask(*proposers_[current_], result.notes);
    if (current_ < proposers_.size()) return done();
    std::string extra = "propose/1|" + scores_->fingerprint();
    for (const proposer* p : proposers_) extra += "|" + std::string(p->id());
    made_->seal(extra);
    result.tables.emplace("", made_);
    return 1;
  }

 private:
  double done() const {
    const double rows = static_cast<double>(std::max<std::size_t>(scores_->rows(), 1));
    const double inside = static_cast<double>(first_) / rows;
    return (static_cast<double>(current_) + inside) / static_cast<double>(proposers_.size());
  }

  // One block of rows; at the last one, or when it failed, on to the next proposer.
  void ask(proposer& p, issues& notes) {
    const std::size_t last = std::min(scores_->rows(), first_ + propose_rows_at_once);
    const bool worked = ask_block(p, last, notes);
    if (worked && last < scores_->rows()) {
      first_ = last;
      return;
    }
    // What a failed proposer had said by then depends on the size of the blocks: all of it goes.
    if (worked) keep();
    part_ = empty_proposals(currency_);
    first_ = 0;
    ++current_;
  }

  static issue failure_of(const proposer& p, const char* why) {
    return {.code = status::plugin,
            .message = std::string(p.id()) + " failed: " + why,
            .hint = "its proposals of this run were dropped",
            .plugin = std::string(p.id())};
  }

  bool ask_block(proposer& p, std::size_t last, issues& notes) {
    const std::size_t before = notes.size();
    try {
      p.propose(*scores_, first_, last, part_, notes);
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const error& e) {
      if (e.details().code == status::cancelled) throw;
      notes.push_back(failure_of(p, e.what()));
    } catch (const std::exception& e) {
      notes.push_back(failure_of(p, e.what()));
    }
    return std::none_of(notes.begin() + static_cast<std::ptrdiff_t>(before),
                        notes.end(),
                        [](const issue& i) { return i.code == status::plugin; });
  }

  void keep() {
    const column* ids = scores_->find("customer");
    for (const std::size_t i : by_row(part_)) {
      for (std::size_t c = 0; c < made_->columns().size(); ++c) {
        column& to = made_->columns()[c];
        const column& from = part_.columns()[c];
        const bool unnamed = to.name() == "customer" && (i >= from.size() || !from.present(i));
        if (unnamed && ids != nullptr) {
          const auto row = static_cast<std::size_t>(part_.find("row")->integers()[i]);
          retention::copy_value(*ids, row, to);
        } else {
          retention::copy_value(from, i, to);
        }
      }
    }
  }

  std::shared_ptr<const table> scores_;
  std::vector<proposer*> proposers_;
  std::string currency_;
  std::shared_ptr<table> made_;
  table part_;  // of the current proposer
  std::size_t current_ = 0, first_ = 0;
};

}  // namespace

job propose(std::shared_ptr<const table> scores,
            std::vector<proposer*> proposers,
            std::vector<feature_maker*> makers) {
  auto result = std::make_shared<outcome>();
  auto run = std::make_shared<proposing_run>(scores, std::move(proposers));
  std::vector<phase> phases;
  if (!makers.empty()) {
    auto columns = std::make_shared<feature_columns>(std::move(scores), std::move(makers));
    phases.push_back(feature_phase(std::move(columns), result, [run](auto with_features) {
      run->look_at(std::move(with_features));
    }));
  }
  phases.push_back({"propose", [run, result] { return run->advance(*result); }});
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
