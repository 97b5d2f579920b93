// What the collector may take, and what a job leaves behind.
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Libclv;

public static unsafe partial class BindingTest {
  // On a thread that has ended nothing on a stack looks like a reference.
  private static T Elsewhere<T>(Func<T> made) {
    T result = default(T);
    var thread = new Thread(() => result = made());
    thread.Start();
    thread.Join();
    return result;
  }

  private static void Collect() {
    for (var i = 0; i < 5; ++i) {
      GC.Collect();
      GC.WaitForPendingFinalizers();
    }
  }

  private static void a_batch_keeps_its_table_from_the_collector() {
    using (var lent = new Lent()) {
      var table = Elsewhere(() => {
        var t = Summary("anna", "björn");
        t.Batch(lent);
        return new WeakReference(t);
      });
      Collect();
      Same(true, table.IsAlive);
    }
  }

  private static void a_forgotten_table_is_freed_by_the_collector() {
    var table = Elsewhere(() => new WeakReference(Summary("anna")));
    Collect();
    Same(false, table.IsAlive);
  }

  private static void a_table_is_whole_while_it_is_read_beside_the_collector() {
    var done = false;
    var collector = new Thread(() => {
      while (!Volatile.Read(ref done)) Collect();
    });
    collector.Start();
    try {
      for (var i = 0; i < 200; ++i) {
        SameAll(new[] { "anna", "björn" }, Summary("anna", "björn").Texts("customer"));
        SameAll(new[] { 0.0, 0.0 }, Summary("anna", "björn").Numbers("x"));
        Same(32, Summary("anna").Fingerprint.Length);
      }
    } finally {
      Volatile.Write(ref done, true);
      collector.Join();
    }
  }

  // An engine belongs to one thread at a time: the finalizer's must not free its jobs under it.
  private static void a_forgotten_job_is_not_freed_on_the_thread_of_the_finalizer() {
    using (var engine = Shop(null)) {
      var store = engine.Pointer;
      Elsewhere(() => Clv.Begin((o, d) => Native.clv_engine_fit_begin(store, null, null, o, d)).Step(1));
      Collect();
      var e = Thrown<ClvException>(() => Clv.Begin((o, d) => Native.clv_engine_fit_begin(store, null, null, o, d)));
      Same("CLV_E_CONFLICT", e.StatusName);
    }
  }

  private static void the_next_verb_works_after_a_failed_a_cancelled_and_a_left_job() {
    using (var lent = new Lent())
    using (var engine = Shop(null)) {
      var store = engine.Pointer;
      var wrong = (clv_fit_options*)lent.Options(new clv_fit_options { @fixed = lent.Text("no_such=1") });
      Action works = () => Fit(store).Dispose();
      Thrown<ClvException>(() => Clv.Answer((o, d) => Native.clv_engine_fit_begin(store, null, wrong, o, d)));
      works();
      using (var job = Clv.Begin((o, d) => Native.clv_engine_fit_begin(store, null, null, o, d))) {
        job.Cancel();
        Same("CLV_E_CANCELLED", Thrown<ClvException>(() => job.Run()).StatusName);
      }
      works();
      using (var job = Clv.Begin((o, d) => Native.clv_engine_fit_begin(store, null, null, o, d))) job.Step(1);
      works();
      Thrown<InvalidOperationException>(() => {
        using (var job = Clv.Begin((o, d) => Native.clv_engine_fit_begin(store, null, null, o, d))) {
          job.Step(1);
          throw new InvalidOperationException("of the program's own");
        }
      });
      works();
    }
  }
}
