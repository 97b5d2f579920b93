// What the collector may take, and what a job leaves behind.
import com.sun.jna.Pointer;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import org.libclv.Clv;
import org.libclv.ClvException;
import org.libclv.Columns;
import org.libclv.Handle;
import org.libclv.Job;
import org.libclv.Native;
import org.libclv.Table;

final class LifetimeTest {
  private final BindingTest binding;
  private final Clv clv;

  LifetimeTest(BindingTest binding) {
    this.binding = binding;
    clv = binding.clv;
  }

  private static void collect() throws Exception {
    for (int i = 0; i < 10; i++) {
      System.gc();
      System.runFinalization();
      Clv.text("something else in the memory that was freed");
      Thread.sleep(1);  // cleaners run on a thread of their own
    }
  }

  void columns_survive_the_collector_while_they_are_lent() throws Exception {
    // Nothing but the batch is held: what it points to must not be freed under it.
    Native.Batch batch = binding.orders("anna", "björn").batch();
    collect();
    try (Table t = clv.answer((out, diag) -> clv.lib.clv_summarize_begin(null, batch, out, diag))) {
      BindingTest.same(new String[] {"anna", "björn"}, t.texts("customer"));
    }
  }

  private static Columns lent(WeakReference<?>[] buffer) {
    DoubleBuffer direct = ByteBuffer.allocateDirect(80).order(ByteOrder.nativeOrder()).asDoubleBuffer();
    direct.put(new double[] {9, 1, 2, 3}).position(1).limit(4);
    buffer[0] = new WeakReference<Object>(direct);
    return new Columns().numbers("x", direct);
  }

  void a_direct_buffer_survives_the_collector_while_it_is_lent() throws Exception {
    WeakReference<?>[] buffer = new WeakReference<?>[1];
    Native.Batch batch = lent(buffer).batch();
    collect();
    if (buffer[0].get() == null) throw new AssertionError("the buffer is gone, and the batch points to it");
    BindingTest.same(2.0, batch.columns.getPointer(8).getDouble(8));
  }

  void options_within_options_survive_the_collector() throws Exception {
    Native.RunOptions once = Clv.options(new Native.RunOptions(), "answer",
        Clv.options(new Native.Answer(), "key", "a key that is not the collector's"));
    Pointer inputs = Clv.named("transactions", binding.orders("anna", "björn").batch());
    Native.KeyedBatch keyed = Clv.options(new Native.KeyedBatch(), "rows", binding.orders("anna").batch());
    Pointer batches = Clv.structs(keyed);
    collect();
    BindingTest.same("a key that is not the collector's", once.answer.getPointer(8).getString(0, "UTF-8"));
    Pointer columns = inputs.getPointer(8).getPointer(16);
    BindingTest.same("annabjörn", new String(columns.getPointer(8).getByteArray(0, 10), "UTF-8"));
    BindingTest.same(keyed.getPointer(), batches.getPointer(0));
  }

  void the_next_verb_works_after_a_failed_a_cancelled_and_a_left_job() throws Exception {
    Native.FitOptions wrong = Clv.options(new Native.FitOptions(), "fixed", "no_such=1");
    try (Handle engine = VerbsTest.shop(clv, null)) {
      Pointer store = engine.pointer();
      BindingTest.thrown(ClvException.class,
          () -> clv.answer((o, d) -> clv.lib.clv_engine_fit_begin(store, null, wrong, o, d)));
      VerbsTest.fit(clv, store).close();
      try (Job job = clv.begin((o, d) -> clv.lib.clv_engine_fit_begin(store, null, null, o, d))) {
        job.cancel();
        BindingTest.same("CLV_E_CANCELLED", BindingTest.thrown(ClvException.class, job::run).statusName);
      }
      VerbsTest.fit(clv, store).close();
      try (Job job = clv.begin((o, d) -> clv.lib.clv_engine_fit_begin(store, null, null, o, d))) {
        job.step(1);
      }
      VerbsTest.fit(clv, store).close();
      BindingTest.thrown(IllegalStateException.class, () -> {
        try (Job job = clv.begin((o, d) -> clv.lib.clv_engine_fit_begin(store, null, null, o, d))) {
          job.step(1);
          throw new IllegalStateException("of the program's own");
        }
      });
      VerbsTest.fit(clv, store).close();
    }
  }
}
