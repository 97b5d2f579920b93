// Receipts checked: each computed again from what it says, and the chain of hashes.
#include <cmath>
#include <utility>

#include "clv/decide.hpp"
#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "retention/deciding/chain.hpp"
#include "retention/deciding/receipt.hpp"
#include "retention/number_text.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr std::size_t rows_at_once = 512;

std::string first_difference(std::string_view stored, std::string_view now) {
  std::size_t at = 0;
  while (at < stored.size() && at < now.size() && stored[at] == now[at]) ++at;
  const auto around = [at](std::string_view text) {
    const std::size_t from = at > 20 ? at - 20 : 0;
    return std::string(text.substr(from, 60));
  };
  return "its numbers give another receipt, from byte " + std::to_string(at) + " on: '..." +
         around(now) + "...' instead of '..." + around(stored) + "...'";
}

std::string_view text_in(const table& rows, std::string_view name, std::size_t row) {
  const column* c = rows.find(name);
  const bool there = c != nullptr && c->kind() == type::utf8 && c->present(row);
  return there ? c->text(row) : std::string_view();
}

// The columns beside the receipt are what is measured by: they must say the same. Those that the
// table does not have are not compared.
std::string other_than_told(const told& said, const table& rows, std::size_t row) {
  const std::pair<std::string_view, std::string_view> texts[] = {{"arm", said.arm},
                                                                 {"reason_code", said.reason_code},
                                                                 {"plugin", said.plugin},
                                                                 {"action", said.action},
                                                                 {"withheld", said.withheld},
                                                                 {"segment", said.segment}};
  const auto differs = [](std::string_view name, std::string_view there, std::string_view told) {
    return "column '" + std::string(name) + "' says '" + std::string(there) + "', its receipt '" +
           std::string(told) + "'";
  };
  for (const auto& [name, value] : texts) {
    const std::string_view there = text_in(rows, name, row);
    if (rows.find(name) != nullptr && there != value) return differs(name, there, value);
  }
  const column* c = rows.find("propensity");
  if (c == nullptr || c->kind() != type::f64) return {};
  const double there = c->present(row) ? c->numbers()[row] : std::nan("");
  if (there == said.propensity) return {};
  return differs("propensity", number_text(there), number_text(said.propensity));
}

// The sentence of what is wrong with a receipt's text or with the row that it stands in, or "".
std::string wrong_with(std::string_view stored, const table& rows, std::size_t row) {
  try {
    const receipt_reader read(stored);
    const std::string now = read.again();
    if (now != stored) return first_difference(stored, now);
    return other_than_told(read.says(), rows, row);
  } catch (const error& e) {
    if (e.details().code == status::no_memory) throw;
    return e.what();
  }
}

class replaying {
 public:
  explicit replaying(std::shared_ptr<const table> decisions)
      : decisions_(std::move(decisions)),
        receipt_(&decisions_->get("receipt", type::utf8)),
        previous_(&decisions_->get("prev_hash", type::utf8)),
        chain_(&decisions_->get("chain_hash", type::utf8)),
        hash_(decisions_->find("receipt_hash")),
        customer_(decisions_->find("customer")) {}

  double advance(outcome& result) {
    const std::size_t last = std::min(decisions_->rows(), row_ + rows_at_once);
    while (row_ < last) check(row_++);
    if (row_ < decisions_->rows()) {
      return static_cast<double>(row_) / static_cast<double>(decisions_->rows());
    }
    result.tables.emplace("", out_.sealed("replay/1|" + decisions_->fingerprint()));
    return 1;
  }

 private:
  std::string text(const column* c, std::size_t row) const {
    return c != nullptr && c->present(row) ? std::string(c->text(row)) : std::string();
  }

  void check(std::size_t row) {
    const std::string stored_hash = text(hash_, row);
    const bool forgotten = !receipt_->present(row);
    const std::string hash = forgotten ? stored_hash : hash_of_receipt(receipt_->text(row));
    std::string difference = broken_link(row, hash, stored_hash);
    if (difference.empty() && !forgotten) {
      difference = wrong_with(receipt_->text(row), *decisions_, row);
    }
    const bool good = difference.empty();
    out_.row(decision_id(text(chain_, row)),
             text(customer_, row),
             std::int64_t{good ? 1 : 0},
             good ? std::optional<std::string>() : std::optional(difference));
    before_ = text(chain_, row);
  }

  // `before_` is the link of the row before; the first row may continue an earlier chain.
  std::string broken_link(std::size_t row, const std::string& hash, const std::string& stored) {
    if (!stored.empty() && stored != hash) return "the receipt was changed: its hash is another";
    if (hash.size() != 64) return "it has neither a receipt nor the hash of one";
    const std::string previous = text(previous_, row);
    if (row > 0 && previous != before_) {
      return "the chain is broken before it: it does not follow the decision above";
    }
    if (next_link(previous, hash).chain_hash != text(chain_, row)) {
      return "the chain is broken at it: the hashes do not fit";
    }
    return {};
  }

  std::shared_ptr<const table> decisions_;
  const column *receipt_, *previous_, *chain_, *hash_, *customer_;
  report_writer out_{{{"decision_id", type::utf8},
                      {"customer", type::utf8},
                      {"matches", type::i64},
                      {"difference", type::utf8}}};
  std::string before_;
  std::size_t row_ = 0;
};

}  // namespace

job replay(std::shared_ptr<const table> decisions) {
  if (decisions == nullptr) throw error(status::invalid, "there are no decisions to replay");
  auto result = std::make_shared<outcome>();
  auto run = std::make_shared<replaying>(std::move(decisions));
  std::vector<phase> phases;
  phases.push_back({"replay", [run, result] { return run->advance(*result); }});
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
