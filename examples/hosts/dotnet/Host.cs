// The host job of ../README.md in C#: Host LIBRARY PLUGIN ORDERS. The system's loader finds LIBRARY.
using System;
using System.Globalization;
using System.IO;
using System.Text;
using Libclv;

public static unsafe class Host {
  private const long NowUs = 1735689600000000;  // 2025-01-01T00:00:00Z
  private const long WeekUs = 604800000000;
  private static readonly StreamWriter Out = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));

  private static void Print(string format, params object[] values) {
    Out.Write(string.Format(CultureInfo.InvariantCulture, format, values) + "\n");
  }

  // Two texts and a number of each row that has both texts; disposes the table.
  private static void Show(string label, Table table, string one, string two, string number) {
    using (table) {
      string[] ones = table.Texts(one), twos = table.Texts(two);
      var numbers = table.Numbers(number);
      for (var i = 0; i < numbers.Length; ++i) {
        if (ones[i] != null && twos[i] != null) Print("{0} {1} {2} {3:F6}", label, ones[i], twos[i], numbers[i]);
      }
    }
  }

  private static void StoreAndDecide(string plugin, string orders) {
    using (var lent = new Lent())
    using (var engine = Clv.Made(Native.clv_engine_free, (o, d) => Native.clv_engine_open(null, o, d)))
    using (var plugins = Clv.Made(Native.clv_plugins_free, Native.clv_plugins_new)) {
      byte* eur = lent.Text("EUR"), tier = lent.Text("value_tier"), two = lent.Text("bg_nbd+gamma_gamma");
      var csv = (clv_csv_options*)lent.Options(new clv_csv_options { path = lent.Text(orders), currency = eur });
      var shop = (clv_ingest_options*)lent.Options(new clv_ingest_options { source = lent.Text("shop"), currency = eur });
      var fit = (clv_fit_options*)lent.Options(new clv_fit_options { model = two });
      var value = (clv_score_options*)lent.Options(new clv_score_options { margin = .3, annual_discount = .1 });
      var tiers = (clv_segment_options*)lent.Options(new clv_segment_options { scheme = tier });
      var clock = (clv_plugin_options*)lent.Options(new clv_plugin_options { now_us = NowUs, seed = 7 });
      var limits = new clv_decide_options { budget_minor = 5, margin = .3, now_us = NowUs };
      limits.flags = Native.CLV_DECIDE_HAS_BUDGET | Native.CLV_DECIDE_NO_HOLDOUT;
      var spend = (clv_decide_options*)lent.Options(limits);
      var store = engine.Pointer;
      using (var log = Clv.Answer((o, d) => Native.clv_csv_begin(csv, o, d)))
      using (var taken = Clv.Answer((o, d) => Native.clv_engine_ingest_begin(store, shop, log.Batch(lent), o, d))) {
        Print("read {0} transactions", log.Rows);
        Print("ingested {0} accepted {1} duplicates", taken.Integers("accepted")[0], taken.Integers("duplicates")[0]);
      }
      var fitted = Clv.Answer((o, d) => Native.clv_engine_fit_begin(store, null, fit, o, d));
      Show("parameter", fitted, "model", "parameter", "value");
      using (var scores = Clv.Answer((o, d) => Native.clv_engine_score_begin(store, value, o, d))) {
        double sum = 0;
        foreach (var each in scores.Numbers("clv")) sum += each;
        Print("scores {0} {1}\nvalue {2:F6}", scores.Rows, scores.Fingerprint, sum);
      }
      using (var job = Clv.Begin((o, d) => Native.clv_engine_segment_begin(store, tiers, o, d)))
      using (var profile = job.Run().Take("profile")) {
        var sizes = profile.Integers("customers");
        for (var i = 0; i < sizes.Length; ++i) Print("segment {0} {1}", profile.Texts("segment")[i], sizes[i]);
      }
      // The plugin proposes, libclv decides within 5 cents.
      Clv.Run(d => Native.clv_plugins_load(plugins.Pointer, clock, lent.Text(plugin), d));
      var decided = Clv.Answer((o, d) => Native.clv_engine_decide_begin(store, plugins.Pointer, spend, o, d));
      Show("decision", decided, "customer", "action", "net");
      using (var model = Clv.Made(Native.clv_model_free, (o, d) => Native.clv_engine_model(store, null, o, d)))
      using (var scorer = Clv.Made(Native.clv_scorer_free, (o, d) => Native.clv_scorer_new(value, model.Pointer, o, d))) {
        var one = (clv_score*)lent.Options(new clv_score { x = 3, t_x = 20, T = 30, mean_spend = 25 });
        Clv.Run(d => Native.clv_scorer_row(scorer.Pointer, one, d));
        Print("customer {0:F6} {1:F6}", one->p_alive, one->clv);
      }
    }
  }

  // The host's own arrays, without an engine.
  private static void Summarize(params string[] customers) {
    using (var log = new Columns()) {
      log.Texts("customer", customers).Times("time", NowUs, NowUs + WeekUs, NowUs + 2 * WeekUs);
      log.Money("amount", "EUR", 1999, 500, 2450);
      using (var t = Clv.Answer((o, d) => Native.clv_summarize_begin(null, log.Batch, o, d))) {
        for (var i = 0; i < t.Rows; ++i) {
          Print("summary {0} {1:F6} {2:F6} {3:F6} {4:F6} {5} {6}", t.Texts("customer")[i], t.Numbers("x")[i], t.Numbers("t_x")[i],
              t.Numbers("T")[i], t.Numbers("mean_spend")[i], t.Integers("revenue")[i], t.Unit("revenue"));
        }
      }
    }
  }

  public static void Main(string[] arguments) {
    Clv.Check();
    Print("abi {0}.{1}", Native.clv_abi() >> 16, Native.clv_abi() & 0xffff);
    StoreAndDecide(arguments[1], arguments[2]);
    Summarize("anna", "björn", "anna");
    try {
      Summarize("anna", "", "anna");
    } catch (ClvException e) {
      Print("refused {0} {1} {2} {3}", e.Reason.Row, e.Reason.Column, e.StatusName, e.Message);
    }
    Out.Flush();
  }
}
