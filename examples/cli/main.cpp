// clv: libclv at the command line. A client of clv.h and nothing else of libclv.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "command.hpp"
#include "failure.hpp"
#include "interrupt.hpp"

namespace {

// What a full disk swallowed must not look like success.
int flushed(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  std::fputs("clv: standard output cannot be written\n", stderr);
  return status == cli::exit_ok ? cli::exit_failed : status;
}

int run(const cli::action& chosen) {
  try {
    return flushed(chosen());
  } catch (const cli::failure& e) {
    std::fprintf(stderr, "clv: %s\n", e.what());
    return e.status();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "clv: %s\n", e.what());
    return cli::exit_failed;
  }
}

int parse_and_run(CLI::App& app, int argc, char** argv, const cli::action& chosen) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? cli::exit_ok : cli::exit_usage;  // 0: help was asked for
  }
  if (!chosen) {
    std::fprintf(stderr, "clv: a command is required\n%s", app.help().c_str());
    return cli::exit_usage;
  }
  cli::watch_interrupts();
  return run(chosen);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("From a transaction log to retention actions: customer value, segments, decisions.",
               "clv");
  cli::action chosen;
  app.require_subcommand(0, 1);  // none is said below: then a misspelt one is named
  app.footer(
      "Exit status: 0 done, 1 the job failed, 2 the command was called wrongly.\n"
      "clv COMMAND --help shows an example of each.");
  cli::add_import(app, chosen);
  cli::add_fit(app, chosen);
  cli::add_models(app, chosen);
  cli::add_score(app, chosen);
  cli::add_segment(app, chosen);
  cli::add_record(app, chosen);
  cli::add_decide(app, chosen);
  cli::add_desk(app, chosen);
  cli::add_explain(app, chosen);
  cli::add_measure(app, chosen);
  cli::add_replay(app, chosen);
  cli::add_export(app, chosen);
  cli::add_forget(app, chosen);
  cli::add_store(app, chosen);
  cli::add_summarize(app, chosen);
  cli::add_predict(app, chosen);
  cli::add_backtest(app, chosen);
  cli::add_report(app, chosen);
  cli::add_simulate(app, chosen);
  cli::add_plugins(app, chosen);
  cli::add_validate(app, chosen);
  cli::add_new_plugin(app, chosen);
  cli::add_version(app, chosen);
  return parse_and_run(app, argc, argv, chosen);
}
