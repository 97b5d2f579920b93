// Metrics that are somebody's state, read when the page is asked for: sums over tenants, never a
// label with one.
#pragma once

#include "jobs/job_board.hpp"
#include "plugins/supervisor.hpp"
#include "tenants/tenants.hpp"

namespace clvd {

class metrics;

// All three must outlive the last page. `stores` and `jobs` may be null: a server without a store.
void watch_state(metrics& m, tenants* stores, job_board* jobs, const plugins::supervisor& plugins);

}  // namespace clvd
