// Who looks after a follow-up: by rule, and never somebody who is gone. [any]
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "desk/care/credit.hpp"
#include "desk/routing/agents.hpp"

namespace clv::desk {

// "team:" before the name of a team, else the id of an agent, "" when neither is known.
inline constexpr std::string_view team_prefix = "team:";

struct owned_by {
  std::string owner;
  std::string because;  // a sentence where the rule could not be followed to the letter, else ""
};

class owner_rules {
 public:
  // Without agents everybody is taken to be there.
  owner_rules(const table* agents, const desk_view& view);
  // `rule` is "assignee" (then.agent), "team", or the id of an agent. The team of somebody who is
  // deleted, absent now or not in the table of agents stands in.
  owned_by owner(std::string_view rule, const credit& then) const;
  // To whom it goes when it is late: the team of the owner.
  std::string above(std::string_view owner, const credit& then) const;

 private:
  bool gone(std::string_view agent) const;
  std::string team_of(std::string_view agent, const credit& then) const;

  struct known {
    std::string team;
    bool gone = false;
  };
  std::map<std::string, known, std::less<>> agents_;
  bool have_agents_ = false;
};

}  // namespace clv::desk
