// clv.segmentation/1: the segment that a plugin puts each customer into.
#include <algorithm>
#include <cstring>

#include "plugin_host.hpp"

namespace clv::abi {
namespace {

constexpr std::size_t in_none = static_cast<std::size_t>(-1);

// What assign writes to: of each row the place of its segment in the manifest's list.
struct segment_desk {
  const std::vector<std::string>& names;
  std::int64_t rows;
  std::vector<std::size_t> places;
  refusals refused{"segments"};
};

void keep_segment(segment_desk& desk, std::int64_t row, const char* segment) {
  check_row(row, desk.rows);
  required(segment, "segment");
  const auto found = std::ranges::find(desk.names, segment);
  if (found == desk.names.end()) {
    throw error(
        issue{.code = status::invalid,
              .row = row,
              .message = "segment '" + printable({segment, ::strnlen(segment, 128)}, 128) +
                         "' is not declared in its manifest, which has: " + join_list(desk.names)});
  }
  desk.places[static_cast<std::size_t>(row)] = static_cast<std::size_t>(found - desk.names.begin());
}

clv_status CLV_CALL on_assign(void* ctx, std::int64_t row, const char* segment) {
  auto& desk = *static_cast<segment_desk*>(ctx);
  return desk.refused.around([&] { keep_segment(desk, row, segment); });
}

}  // namespace

void plugin::assign(
    const table& customers, std::size_t first, std::size_t last, column& segment, issues& notes) {
  const block rows{customers, first, last};
  const std::vector<std::string>& names = setup_.says.segments;
  segment_desk desk{.names = names,
                    .rows = rows.rows(),
                    .places = std::vector<std::size_t>(last - first, in_none)};
  const clv_segment_sink sink{.struct_size = static_cast<std::uint32_t>(sizeof(clv_segment_sink)),
                              .spare = 0,
                              .ctx = &desk,
                              .assign = on_assign};
  const auto failed = ask(rows,
                          {.function = "segment",
                           .remedy = "there are no segments without it; those stored before stay",
                           .reads = setup_.says.reads,
                           .refused = desk.refused,
                           .run =
                               [&](const clv_batch* in) {
                                 return setup_.offers.segmentation->segment(instance_, in, &sink);
                               }},
                          notes);
  if (failed) throw error(*failed);
  if (interrupted_) throw error(status::cancelled, "the job was cancelled");
  for (const std::size_t place : desk.places) {
    place == in_none ? segment.push_absent() : segment.push(std::string_view(names[place]));
  }
}

}  // namespace clv::abi
