// The .NET binding: BindingTest SYMBOLS_MAP. Each method without parameters is a test, named as what it shows.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using Libclv;

public static unsafe partial class BindingTest {
  private const long DayUs = 86400000000;
  private const string Given = "{\"format\": \"clv.model/1\", \"unit\": \"week\", \"currency\": \"EUR\"," +
      "\"purchase\": {\"model\": \"bg_nbd\", \"parameters\": {\"r\": 0.8, \"alpha\": 2, \"a\": 0.8, \"b\": 2.5}}," +
      "\"spend\": {\"model\": \"gamma_gamma\", \"parameters\": {\"p\": 6.25, \"q\": 3.75, \"gamma\": 15.5}}}";

  private static void Same<T>(T wanted, T found) {
    if (!EqualityComparer<T>.Default.Equals(wanted, found)) throw new Exception("wanted " + wanted + ", found " + found);
  }

  private static void SameAll<T>(IEnumerable<T> wanted, IEnumerable<T> found) {
    if (!wanted.SequenceEqual(found)) throw new Exception("wanted " + string.Join(", ", wanted) + "; found " + string.Join(", ", found));
  }

  private static T Thrown<T>(Action failing) where T : Exception {
    try {
      failing();
    } catch (T e) {
      return e;
    }
    throw new Exception("nothing failed");
  }

  private static Columns Orders(params string[] customers) {
    var times = customers.Select((_, i) => (20000 + 7L * i) * DayUs).ToArray();
    var cents = customers.Select((_, i) => 1000L + i).ToArray();
    return new Columns().Texts("customer", customers).Times("time", times).Money("amount", "EUR", cents);
  }

  private static Table Summary(params string[] customers) {
    using (var log = Orders(customers)) return Clv.Answer((o, d) => Native.clv_summarize_begin(null, log.Batch, o, d));
  }

  private static Handle Model() {
    using (var lent = new Lent()) {
      var json = (IntPtr)lent.Text(Given);
      return Clv.Made(Native.clv_model_free, (o, d) => Native.clv_model_load(json, Given.Length, o, d));
    }
  }

  private static void texts_are_utf8() {
    using (var t = Summary("björn", "Žofie", "客户")) SameAll(new[] { "björn", "Žofie", "客户" }, t.Texts("customer"));
  }

  private static void a_failure_has_status_row_column_and_sentence() {
    var e = Thrown<ClvException>(() => Summary("anna", "", "anna"));
    Same(Native.CLV_E_DATA, e.Status);
    Same("CLV_E_DATA", e.StatusName);
    Same(1L, e.Reason.Row);
    Same("customer", e.Reason.Column);
    Same("row 2, column 'customer': is empty", e.Message);
  }

  private static void a_hint_comes_along() {
    using (var t = Summary("anna")) {
      Same("read it with clv_result_text", Thrown<ClvException>(() => t.Numbers("customer")).Reason.Hint);
    }
  }

  private static void an_absent_value_is_nan() {
    using (var rows = new Columns().Texts("customer", "anna", "björn").Numbers("x", 1, 2).Numbers("t_x", 5, 6))
    using (var model = Model()) {
      rows.Numbers("T", 30, 30).Numbers("mean_spend", 12.5, 99).Present(true, false);
      using (var scores = Clv.Answer((o, d) => Native.clv_score_begin(null, model.Pointer, rows.Batch, o, d))) {
        SameAll(new[] { 12.5, double.NaN }, scores.Numbers("mean_spend"));
        SameAll(new[] { 1L, 2L }, scores.Integers("x"));
      }
    }
  }

  private static void a_missing_column_is_no_number() {
    using (var t = Summary("anna")) {
      Thrown<ArgumentException>(() => t.Numbers("no_such"));
      Same("EUR", t.Unit("revenue"));
    }
  }

  private static void columns_of_different_length_are_refused() {
    using (var two = new Columns().Numbers("x", 1, 2)) {
      Same("column 'T' has 3 rows, the one before 2", Thrown<ArgumentException>(() => two.Numbers("T", 1, 2, 3)).Message);
      Thrown<ArgumentException>(() => two.Present(true));
    }
  }

  private static void an_array_is_read_where_it_lies() {
    var x = new double[] { 1, 2, 3 };
    using (var columns = new Columns().Numbers("x", x)) {
      fixed (double* lies = x) Same((IntPtr)lies, columns.Batch->columns[0].data);
    }
  }

  private static void a_cancelled_job_ends_with_its_status() {
    using (var log = Orders("anna"))
    using (var job = Clv.Begin((o, d) => Native.clv_summarize_begin(null, log.Batch, o, d))) {
      job.Cancel();
      Same("CLV_E_CANCELLED", Thrown<ClvException>(() => job.Run()).StatusName);
    }
  }

  private static void what_is_disposed_is_freed_once_and_not_used() {
    var t = Summary("anna");
    t.Dispose();
    t.Dispose();
    Thrown<ObjectDisposedException>(() => Same(0, t.Rows));
  }

  private static void an_option_by_its_name_others_are_the_default() {
    using (var lent = new Lent()) {
      var fit = (clv_fit_options*)lent.Options(new clv_fit_options { model = lent.Text("nbd"), l2_life = 2 });
      Same((uint)sizeof(clv_fit_options), fit->struct_size);
      Same("nbd", Utf8.Read(fit->model));
      Same(2.0, fit->l2_life);
      Same(0.0, fit->tolerance);
    }
  }

  private static void two_engines_work_in_two_threads() {
    var found = new long[2];
    var threads = new List<Thread>();
    for (var i = 0; i < 2; ++i) {
      var mine = i;
      threads.Add(new Thread(() => {
        using (var log = Orders("anna", "björn"))
        using (var engine = Clv.Made(Native.clv_engine_free, (o, d) => Native.clv_engine_open(null, o, d)))
        using (var taken = Clv.Answer((o, d) => Native.clv_engine_ingest_begin(engine.Pointer, null, log.Batch, o, d))) {
          found[mine] = taken.Integers("accepted")[0];
        }
      }));
    }
    threads.ForEach(thread => thread.Start());
    threads.ForEach(thread => thread.Join());
    SameAll(new[] { 2L, 2L }, found);
  }

  private static void what_is_lent_stays_in_its_place_while_the_collector_runs() {
    using (var log = Orders("anna", "björn")) {
      var batch = log.Batch;
      for (var i = 0; i < 20; ++i) {
        GC.Collect();
        GC.KeepAlive(new byte[100000]);
      }
      using (var t = Clv.Answer((o, d) => Native.clv_summarize_begin(null, batch, o, d))) {
        SameAll(new[] { "anna", "björn" }, t.Texts("customer"));
      }
    }
  }

  public static int Main(string[] arguments) {
    Clv.Check();
    symbols = arguments[0];
    int passed = 0, failed = 0;
    foreach (var test in typeof(BindingTest).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)) {
      if (!test.Name.Contains("_") || test.Name.Contains("<") || test.GetParameters().Length > 0) continue;
      try {
        test.Invoke(null, null);
        ++passed;
      } catch (TargetInvocationException e) {
        ++failed;
        Console.WriteLine(test.Name + ": " + e.InnerException);
      }
    }
    Console.WriteLine(passed + " passed, " + failed + " failed");
    return failed == 0 && passed >= 23 ? 0 : 1;
  }
}
