// The Java binding: BindingTest LIBRARY SYMBOLS_MAP. Each method without parameters is a test, named as what it
// shows; those of LifetimeTest and VerbsTest, too.
import com.sun.jna.Pointer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Objects;
import org.libclv.Clv;
import org.libclv.ClvException;
import org.libclv.Columns;
import org.libclv.Handle;
import org.libclv.Job;
import org.libclv.Native;
import org.libclv.Table;

public final class BindingTest {
  static final long DAY_US = 86_400_000_000L;
  static final String MODEL = "{\"format\": \"clv.model/1\", \"unit\": \"week\", \"currency\": \"EUR\","
      + "\"purchase\": {\"model\": \"bg_nbd\", \"parameters\": {\"r\": 0.8, \"alpha\": 2, \"a\": 0.8, \"b\": 2.5}},"
      + "\"spend\": {\"model\": \"gamma_gamma\", \"parameters\": {\"p\": 6.25, \"q\": 3.75, \"gamma\": 15.5}}}";

  final Clv clv;

  private BindingTest(Clv clv) {
    this.clv = clv;
  }

  static void same(Object wanted, Object found) {
    if (!Objects.deepEquals(wanted, found)) throw new AssertionError("wanted " + wanted + ", found " + found);
  }

  interface Failing {
    void run() throws Exception;
  }

  static <T extends Throwable> T thrown(Class<T> kind, Failing failing) throws Exception {
    try {
      failing.run();
    } catch (Throwable t) {
      if (kind.isInstance(t)) return kind.cast(t);
      throw new AssertionError("another failure: " + t, t);
    }
    throw new AssertionError("nothing failed");
  }

  Columns orders(String... customers) {
    long[] times = new long[customers.length];
    long[] cents = new long[customers.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = (20_000L + 7 * i) * DAY_US;
      cents[i] = 1000 + i;
    }
    return new Columns().texts("customer", customers).times("time", times).money("amount", "EUR", cents);
  }

  Table summary(Columns log) {
    return clv.answer((out, diag) -> clv.lib.clv_summarize_begin(null, log.batch(), out, diag));
  }

  private Handle model() {
    Pointer json = Clv.text(MODEL);
    return clv.made((out, diag) -> clv.lib.clv_model_load(json, MODEL.length(), out, diag), clv.lib::clv_model_free);
  }

  void texts_are_utf8_whatever_the_locale() {
    try (Table t = summary(orders("björn", "Žofie", "客户"))) {
      same(new String[] {"björn", "Žofie", "客户"}, t.texts("customer"));
      same("客户", t.text("customer", 2));
    }
  }

  void a_failure_has_status_row_column_and_sentence() throws Exception {
    ClvException e = thrown(ClvException.class, () -> summary(orders("anna", "", "anna")));
    same("CLV_E_DATA", e.statusName);
    same(1L, e.reason.row);
    same("customer", e.reason.column);
    same("row 2, column 'customer': is empty", e.getMessage());
    same(Native.CLV_E_DATA, e.reason.status);
  }

  void a_hint_comes_along() throws Exception {
    try (Table t = summary(orders("anna"))) {
      same("read it with clv_result_text", thrown(ClvException.class, () -> t.numbers("customer")).reason.hint);
    }
  }

  void an_absent_value_is_nan_zero_or_null() {
    Columns summary = new Columns().texts("customer", "anna", "björn").numbers("x", 1, 2).numbers("t_x", 5, 6)
        .numbers("T", 30, 30).numbers("mean_spend", 12.5, 99).present(true, false);
    try (Handle model = model();
        Table scores = clv.answer((o, d) -> clv.lib.clv_score_begin(null, model.pointer(), summary.batch(), o, d))) {
      same(1L, scores.info("mean_spend").absent);
      same(new double[] {12.5, Double.NaN}, scores.numbers("mean_spend"));
      same(new long[] {1, 2}, scores.integers("x"));
      same(null, scores.text("customer", 2));
    }
  }

  void a_missing_column_is_no_number() throws Exception {
    try (Table t = summary(orders("anna"))) {
      thrown(IllegalArgumentException.class, () -> t.numbers("no_such"));
    }
  }

  void columns_of_different_length_are_refused() throws Exception {
    Columns two = new Columns().numbers("x", 1, 2);
    IllegalArgumentException e = thrown(IllegalArgumentException.class, () -> two.numbers("T", 1, 2, 3));
    same("column 'T' has 3 rows, the one before 2", e.getMessage());
  }

  void an_option_that_is_not_there_is_refused() throws Exception {
    thrown(IllegalArgumentException.class, () -> Clv.options(new Native.ScoreOptions(), "marjin", .3));
    thrown(IllegalArgumentException.class, () -> Clv.options(new Native.ScoreOptions(), "margin", "much"));
    same(7L, Clv.options(new Native.PluginOptions(), "seed", 7).seed);
  }

  void a_direct_buffer_is_read_where_it_lies() throws Exception {
    DoubleBuffer direct = ByteBuffer.allocateDirect(80).order(ByteOrder.nativeOrder()).asDoubleBuffer();
    direct.put(new double[] {9, 1, 2, 3}).position(1).limit(4);
    Native.Batch batch = new Columns().numbers("x", direct).batch();
    Pointer lies = com.sun.jna.Native.getDirectBufferPointer(direct);
    same(lies.share(8), batch.columns.getPointer(8));
    same(3L, batch.n_rows);
    thrown(IllegalArgumentException.class, () -> new Columns().numbers("x", DoubleBuffer.allocate(3)));
  }

  void a_cancelled_job_ends_with_its_status() throws Exception {
    try (Job job = clv.begin((o, d) -> clv.lib.clv_summarize_begin(null, orders("anna").batch(), o, d))) {
      job.cancel();
      same("CLV_E_CANCELLED", thrown(ClvException.class, job::run).statusName);
    }
  }

  void what_is_closed_is_closed_once_and_not_used() throws Exception {
    Table t = summary(orders("anna"));
    t.close();
    t.close();
    thrown(IllegalStateException.class, t::rows);
  }

  void two_engines_work_in_two_threads() throws Exception {
    String[] found = new String[2];
    Thread[] threads = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int mine = i;
      threads[i] = new Thread(() -> {
        try (Handle engine = clv.made((o, d) -> clv.lib.clv_engine_open(null, o, d), clv.lib::clv_engine_free);
            Table in = clv.answer((o, d) -> clv.lib.clv_engine_ingest_begin(
                engine.pointer(), null, orders("anna", "björn").batch(), o, d))) {
          found[mine] = in.integers("accepted")[0] + " by " + mine;
        }
      });
      threads[i].start();
    }
    for (Thread thread : threads) thread.join();
    same(new String[] {"2 by 0", "2 by 1"}, found);
  }

  public static void main(String[] arguments) throws Exception {
    BindingTest binding = new BindingTest(new Clv(arguments[0]));
    int failed = 0;
    int passed = 0;
    for (Object tests : new Object[] {binding, new LifetimeTest(binding), new VerbsTest(binding, arguments[1])}) {
      for (Method test : tests.getClass().getDeclaredMethods()) {
        if (test.isSynthetic() || test.getParameterCount() > 0 || !test.getName().contains("_")) continue;
        try {
          test.invoke(tests);
          passed++;
        } catch (InvocationTargetException e) {
          failed++;
          System.out.println(test.getName() + ":");
          e.getCause().printStackTrace(System.out);
        }
      }
    }
    System.out.println(passed + " passed, " + failed + " failed");
    System.exit(failed == 0 && passed >= 24 ? 0 : 1);
  }
}
