// The host job of ../README.md in Java: Host LIBRARY PLUGIN ORDERS
import static org.libclv.Clv.options;

import java.io.PrintStream;
import java.util.Locale;
import com.sun.jna.Pointer;
import org.libclv.*;

public final class Host {
  private static final long NOW_US = 1_735_689_600_000_000L; // 2025-01-01T00:00:00Z
  private static final long WEEK_US = 604_800_000_000L;

  private static Clv clv;
  private static Native lib;
  private static PrintStream out;

  private static void print(String format, Object... values) {
    out.print(String.format(Locale.ROOT, format, values) + "\n");
  }

  /** Two texts and a number of each row that has both texts. */
  private static void show(String label, Table t, String one, String two, String number) {
    double[] numbers = t.numbers(number);
    for (int row = 0; row < t.rows(); row++) {
      if (t.text(one, row) == null || t.text(two, row) == null) continue;
      print("%s %s %s %.6f", label, t.text(one, row), t.text(two, row), numbers[row]);
    }
  }

  private static void storeAndDecide(String plugin, String orders) {
    Native.ScoreOptions value = options(new Native.ScoreOptions(), "margin", .3, "annual_discount", .1);
    try (Handle store = clv.made((o, d) -> lib.clv_engine_open(null, o, d), lib::clv_engine_free);
        Handle plugins = clv.made(lib::clv_plugins_new, lib::clv_plugins_free)) {
      Pointer engine = store.pointer();
      Native.CsvOptions csv = options(new Native.CsvOptions(), "path", orders, "currency", "EUR");
      Native.IngestOptions shop = options(new Native.IngestOptions(), "source", "shop", "currency", "EUR");
      try (Table log = clv.answer((o, d) -> lib.clv_csv_begin(csv, o, d));
          Table in = clv.answer((o, d) -> lib.clv_engine_ingest_begin(engine, shop, log.batch(), o, d))) {
        print("read %d transactions", log.rows());
        print("ingested %d accepted %d duplicates", in.integers("accepted")[0], in.integers("duplicates")[0]);
      }
      Native.FitOptions fit = options(new Native.FitOptions(), "model", "bg_nbd+gamma_gamma");
      try (Table fitted = clv.answer((o, d) -> lib.clv_engine_fit_begin(engine, null, fit, o, d))) {
        show("parameter", fitted, "model", "parameter", "value");
      }
      try (Table scores = clv.answer((o, d) -> lib.clv_engine_score_begin(engine, value, o, d))) {
        double sum = 0;
        for (double clv : scores.numbers("clv")) sum += clv;
        print("scores %d %s%nvalue %.6f", scores.rows(), scores.fingerprint(), sum);
      }
      Native.SegmentOptions tiers = options(new Native.SegmentOptions(), "scheme", "value_tier");
      try (Job job = clv.begin((o, d) -> lib.clv_engine_segment_begin(engine, tiers, o, d));
          Table profile = job.run().take("profile")) {
        long[] sizes = profile.integers("customers");
        for (int i = 0; i < sizes.length; i++) print("segment %s %d", profile.text("segment", i), sizes[i]);
      }
      // The plugin proposes, libclv decides within 5 cents.
      Native.PluginOptions clock = options(new Native.PluginOptions(), "now_us", NOW_US, "seed", 7);
      clv.call(d -> lib.clv_plugins_load(plugins.pointer(), clock, plugin, d));
      Native.DecideOptions how = options(new Native.DecideOptions(), "budget_minor", 5, "margin", .3, "now_us", NOW_US);
      how.flags = Native.CLV_DECIDE_HAS_BUDGET | Native.CLV_DECIDE_NO_HOLDOUT;
      try (Table decided = clv.answer((o, d) -> lib.clv_engine_decide_begin(engine, plugins.pointer(), how, o, d))) {
        show("decision", decided, "customer", "action", "net");
      }
      try (Handle model = clv.made((o, d) -> lib.clv_engine_model(engine, null, o, d), lib::clv_model_free);
          Handle scorer = clv.made((o, d) -> lib.clv_scorer_new(value, model.pointer(), o, d), lib::clv_scorer_free)) {
        Native.Score one = options(new Native.Score(), "x", 3, "t_x", 20, "T", 30, "mean_spend", 25);
        clv.call(d -> lib.clv_scorer_row(scorer.pointer(), one, d));
        print("customer %.6f %.6f", one.p_alive, one.clv);
      }
    }
  }

  /** The host's own arrays, without an engine. */
  private static void summarize(String... customers) {
    Columns log = new Columns().texts("customer", customers)
        .times("time", NOW_US, NOW_US + WEEK_US, NOW_US + 2 * WEEK_US).money("amount", "EUR", 1999, 500, 2450);
    try (Table t = clv.answer((o, d) -> lib.clv_summarize_begin(null, log.batch(), o, d))) {
      for (int i = 0; i < t.rows(); i++) {
        print("summary %s %.6f %.6f %.6f %.6f %d %s", t.text("customer", i), t.numbers("x")[i], t.numbers("t_x")[i],
            t.numbers("T")[i], t.numbers("mean_spend")[i], t.integers("revenue")[i], t.unit("revenue"));
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    clv = new Clv(arguments[0]);
    lib = clv.lib;
    out = new PrintStream(System.out, true, "UTF-8");
    print("abi %d.%d", lib.clv_abi() >>> 16, lib.clv_abi() & 0xffff);
    storeAndDecide(arguments[1], arguments[2]);
    summarize("anna", "björn", "anna");
    try {
      summarize("anna", "", "anna");
    } catch (ClvException e) {
      print("refused %d %s %s %s", e.reason.row, e.reason.column, e.statusName, e.getMessage());
    }
  }
}
