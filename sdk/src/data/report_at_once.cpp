#include <utility>

#include "clv/report.hpp"

namespace clv {

job report_at_once(std::string phase, std::function<void(outcome&)> work) {
  auto result = std::make_shared<outcome>();
  auto once = [result, work = std::move(work)] {
    work(*result);
    return 1.0;
  };
  return {{{std::move(phase), std::move(once)}}, result};
}

}  // namespace clv
