// clv.action/1: what a plugin proposes, block by block.
#include <algorithm>

#include "plugin_host.hpp"

namespace clv::abi {
namespace {

constexpr std::size_t rows_at_once = 8192;
constexpr std::size_t most_per_row = 100;  // proposals of one plugin, on average over a block

// What emit writes to.
struct proposal_desk {
  const manifest& says;
  std::int64_t rows;
  std::vector<kept_proposal> kept{};
  refusals refused{"proposals"};
};

void keep(proposal_desk& desk, const clv_proposal* proposal) {
  if (desk.kept.size() >= most_per_row * static_cast<std::size_t>(desk.rows)) {
    throw error(status::limit,
                "it made more than " + std::to_string(most_per_row) + " proposals per customer");
  }
  desk.kept.push_back(check_proposal(proposal, desk.says, desk.rows));
}

clv_status CLV_CALL on_emit(void* ctx, const clv_proposal* proposal) {
  auto& desk = *static_cast<proposal_desk*>(ctx);
  return desk.refused.around([&] { keep(desk, proposal); });
}

}  // namespace

void plugin::propose(
    const table& customers, std::size_t first, std::size_t last, table& proposals, issues& notes) {
  do {
    const std::size_t end = std::min(last, first + rows_at_once);
    propose_block({customers, first, end}, proposals, notes);
    first = end;
  } while (first < last && quarantined_.empty());
}

void plugin::propose_block(const block& rows, table& proposals, issues& notes) {
  proposal_desk desk{.says = setup_.says, .rows = rows.rows()};
  const clv_proposal_sink sink{.struct_size = static_cast<std::uint32_t>(sizeof(clv_proposal_sink)),
                               .spare = 0,
                               .ctx = &desk,
                               .emit = on_emit};
  const auto failed = ask(rows,
                          {.function = "propose",
                           .remedy = "its proposals of this run are dropped; the others go on",
                           .reads = setup_.says.reads,
                           .refused = desk.refused,
                           .run =
                               [&](const clv_batch* in) {
                                 return setup_.offers.action->propose(instance_, in, &sink);
                               }},
                          notes);
  if (failed) return notes.push_back(*failed);
  // It has not said all: what looks finished must not be stored.
  if (interrupted_) throw error(status::cancelled, "the job was cancelled");
  for (const kept_proposal& p : desk.kept)
    append_proposal(p, {id_, sources_}, rows.first, proposals);
}

}  // namespace clv::abi
