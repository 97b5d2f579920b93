// Every function of clv.h is there, and the verbs whose arguments are arrays, structs within structs or texts.
using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Libclv;

public static unsafe partial class BindingTest {
  // symbols.map of the library.
  private static string symbols;

  private static object Nothing(Type type) {
    if (type.IsPointer) return IntPtr.Zero;
    return type.IsValueType ? Activator.CreateInstance(type) : null;
  }

  private static void every_exported_function_is_declared_and_can_be_called() {
    var exported = Regex.Matches(File.ReadAllText(symbols), @"^    (clv_\w+);", RegexOptions.Multiline).Cast<Match>();
    var declared = typeof(Native).GetMethods(BindingFlags.Static | BindingFlags.Public);
    SameAll(exported.Select(m => m.Groups[1].Value).OrderBy(n => n), declared.Select(m => m.Name).OrderBy(n => n));
    Same(true, declared.Length > 80);
    foreach (var function in declared) {
      var arguments = function.GetParameters().Select(p => Nothing(p.ParameterType)).ToArray();
      var status = function.Invoke(null, arguments);
      var fails = function.Name.EndsWith("_begin") || function.Name.StartsWith("clv_engine_") && function.ReturnType == typeof(int);
      if (fails && (int)status >= 0) throw new Exception(function.Name + " of nothing gave " + status);
    }
  }

  private static Handle Shop(string path) {
    var customers = new System.Collections.Generic.List<string>();
    var times = new System.Collections.Generic.List<long>();
    for (long k = 0; k < 8; ++k) {
      for (var day = k; day <= 30 + 20 * k; day += 5 + 3 * k) {
        customers.Add("c" + k);
        times.Add((20000 + day) * DayUs);
      }
    }
    using (var lent = new Lent())
    using (var log = new Columns().Texts("customer", customers.ToArray()).Times("time", times.ToArray())) {
      log.Money("amount", "EUR", times.Select((_, i) => 1000L + i).ToArray());
      var file = (clv_engine_options*)lent.Options(new clv_engine_options { path = lent.Text(path) });
      var engine = Clv.Made(Native.clv_engine_free, (o, d) => Native.clv_engine_open(file, o, d));
      Clv.Answer((o, d) => Native.clv_engine_ingest_begin(engine.Pointer, null, log.Batch, o, d)).Dispose();
      return engine;
    }
  }

  private static Table Fit(IntPtr store) {
    using (var lent = new Lent()) {
      var nbd = (clv_fit_options*)lent.Options(new clv_fit_options { model = lent.Text("nbd") });
      return Clv.Answer((o, d) => Native.clv_engine_fit_begin(store, null, nbd, o, d));
    }
  }

  private static void a_stored_table_is_read_by_pages() {
    using (var lent = new Lent())
    using (var engine = Shop(null)) {
      var page = (clv_table_options*)lent.Options(
          new clv_table_options { table = lent.Text("transactions"), first = 5, count = 3 });
      using (var rows = Clv.Answer((o, d) => Native.clv_engine_read_begin(engine.Pointer, page, o, d))) Same(3, rows.Rows);
    }
  }

  private static void an_array_of_texts_names_the_customers_asked_for() {
    using (var lent = new Lent())
    using (var engine = Shop(null)) {
      var two = lent.Texts("c5", "c2");
      using (var t = Clv.Answer((o, d) => Native.clv_engine_summarize_begin(engine.Pointer, null, two, 2, o, d))) {
        SameAll(new[] { "c2", "c5" }, t.Texts("customer"));
      }
    }
  }

  // So many batches, then an end or a failure; what nobody holds is collected meanwhile.
  private static System.Collections.Generic.IEnumerable<Columns> Batches(int count, string failure) {
    for (var i = 1; i <= count; ++i) {
      GC.Collect();
      using (var log = Orders("anna", "björn", "page" + i)) yield return log;
    }
    if (failure != null) throw new InvalidOperationException(failure);
  }

  private static void events_come_from_an_enumeration_in_one_transaction() {
    using (var lent = new Lent())
    using (var engine = Clv.Made(Native.clv_engine_free, (o, d) => Native.clv_engine_open(null, o, d))) {
      var store = engine.Pointer;
      var shop = (clv_ingest_options*)lent.Options(new clv_ingest_options { source = lent.Text("shop") });
      using (var job = Clv.Ingest(store, shop, Batches(2, "the queue is gone"))) {
        var said = Thrown<ClvException>(() => job.Run()).Message;
        if (!said.Contains("the queue is gone")) throw new Exception("it said " + said);
      }
      using (var job = Clv.Ingest(store, shop, Batches(4, null))) job.Run();
      var known = (clv_table_options*)lent.Options(new clv_table_options { table = lent.Text("known_customers") });
      using (var t = Clv.Answer((o, d) => Native.clv_engine_read_begin(store, known, o, d))) {
        SameAll(new[] { "anna", "björn", "page1", "page2", "page3", "page4" }, t.Texts("customer"));
      }
      var unknown = (clv_ingest_options*)lent.Options(new clv_ingest_options { flags = 1 });
      Thrown<ClvException>(() => Clv.Ingest(store, unknown, Batches(1, null)));
    }
  }

  private static void a_readers_fit_is_adopted_with_an_answer_and_named_by_an_alias() {
    var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    try {
      using (var lent = new Lent())
      using (var engine = Shop(path)) {
        var read = (clv_engine_options*)lent.Options(
            new clv_engine_options { path = lent.Text(path), flags = Native.CLV_OPEN_READ_ONLY });
        var said = (clv_answer*)lent.Options(new clv_answer { key = lent.Text("fit-1"), now_us = 5 });
        var once = (clv_run_options*)lent.Options(new clv_run_options { answer = said });
        using (var reader = Clv.Made(Native.clv_engine_free, (o, d) => Native.clv_engine_open(read, o, d)))
        using (var fit = Clv.Begin((o, d) => Native.clv_engine_fit_begin(reader.Pointer, null, null, o, d))) {
          fit.Run();
          Clv.Answer((o, d) => Native.clv_engine_adopt_begin(engine.Pointer, once, fit.Pointer, o, d)).Dispose();
        }
        var kept = (clv_answer*)lent.Options(new clv_answer());
        Clv.Run(d => Native.clv_engine_answer(engine.Pointer, lent.Text("fit-1"), kept, d));
        Same(1L, kept->made);
        Same(5L, kept->now_us);
        var production = (clv_alias_options*)lent.Options(new clv_alias_options {
          alias = lent.Text("production"), model = lent.Text("1"), flags = Native.CLV_ALIAS_UNCHECKED });
        long etag = 0;
        Clv.Run(d => {
          long own = 0;
          var status = Native.clv_engine_set_alias(engine.Pointer, production, &own, d);
          etag = own;
          return status;
        });
        Same(true, etag != 0);
        Clv.Made(Native.clv_model_free, (o, d) => Native.clv_engine_model(engine.Pointer, lent.Text("production"), o, d)).Dispose();
      }
    } finally {
      File.Delete(path);
    }
  }

  private static void a_text_with_a_nul_is_refused() {
    using (var lent = new Lent()) {
      var e = Thrown<ArgumentException>(() => { lent.Text("shop\0.clv"); });
      Same("a text has a NUL after \"shop\", where C would end it", e.Message);
      Thrown<ArgumentException>(() => { lent.Texts("anna", "b\0"); });
    }
    Thrown<ArgumentException>(() => new Columns().Numbers("x\0", 1));
    Thrown<ArgumentException>(() => new Columns().Money("amount", "EUR\0", 1));
    using (var t = Summary("anna")) Thrown<ArgumentException>(() => t.Numbers("x\0"));
    Same(true, Thrown<ClvException>(() => Summary("anna", "a\0b")).Status < 0);
  }
}
