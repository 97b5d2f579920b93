// a file -> what is damaged in it.
#include <memory>

#include "clv/store.hpp"
#include "data/report_tables.hpp"
#include "engine/decision_chain.hpp"
#include "store/database.hpp"

namespace clv {
namespace {

class check_work {
 public:
  check_work(const std::string& path, std::shared_ptr<outcome> result)
      : db_(store::open_to_inspect(path, "store '" + path + "'")), result_(std::move(result)) {}

  double read() {
    if (!checks_) {
      checks_.emplace(*db_, result_->cancelled);
      detail::add_decision_chain(*checks_, *db_);
    }
    return checks_->step();
  }
  double tell() {
    report_writer out({{"check", type::utf8}, {"status", type::utf8}, {"detail", type::utf8}});
    for (const store::check_line& line : checks_->lines()) {
      out.row(line.check, line.damage.empty() ? "ok" : "damaged", line.damage);
    }
    result_->tables[""] = out.sealed("check");
    return 1.0;
  }

 private:
  std::unique_ptr<store::connection> db_;
  std::shared_ptr<outcome> result_;
  std::optional<store::store_check> checks_;
};

}  // namespace

job check_store(std::string path) {
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<check_work>(path, result);
  std::vector<phase> phases;
  phases.push_back({"check", [work] { return work->read(); }});
  phases.push_back({"tell", [work] { return work->tell(); }});
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
