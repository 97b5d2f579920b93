// Every function of clv.h is there, and the verbs whose arguments are arrays, structs within structs or texts.
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import org.libclv.Clv;
import org.libclv.ClvException;
import org.libclv.Columns;
import org.libclv.Handle;
import org.libclv.Job;
import org.libclv.Native;
import org.libclv.Table;

final class VerbsTest {
  private final BindingTest binding;
  private final Clv clv;
  private final String symbols;

  VerbsTest(BindingTest binding, String symbols) {
    this.binding = binding;
    this.symbols = symbols;
    clv = binding.clv;
  }

  /** Eight customers who have bought, at a path or in memory. */
  static Handle shop(Clv clv, String path) {
    List<String> customers = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    for (int k = 0; k < 8; k++) {
      for (int day = k; day <= 30 + 20 * k; day += 5 + 3 * k) {
        customers.add("c" + k);
        times.add((20_000L + day) * BindingTest.DAY_US);
      }
    }
    long[] at = times.stream().mapToLong(Long::longValue).toArray();
    Columns log = new Columns().texts("customer", customers.toArray(new String[0])).times("time", at)
        .money("amount", "EUR", new long[at.length]);
    Native.EngineOptions file = new Native.EngineOptions();
    if (path != null) Clv.options(file, "path", path);
    Handle engine = clv.made((o, d) -> clv.lib.clv_engine_open(file, o, d), clv.lib::clv_engine_free);
    clv.answer((o, d) -> clv.lib.clv_engine_ingest_begin(engine.pointer(), null, log.batch(), o, d)).close();
    return engine;
  }

  static Table fit(Clv clv, Pointer store) {
    Native.FitOptions nbd = Clv.options(new Native.FitOptions(), "model", "nbd");
    return clv.answer((o, d) -> clv.lib.clv_engine_fit_begin(store, null, nbd, o, d));
  }

  private static Object nothing(Class<?> type) {
    if (type == int.class) return 0;
    if (type == long.class) return 0L;
    return type == double.class ? (Object) 0.0 : null;
  }

  void every_exported_function_is_declared_and_can_be_called() throws Exception {
    TreeSet<String> exported = new TreeSet<>();
    for (String line : Files.readAllLines(Paths.get(symbols))) {
      if (line.matches("    clv_\\w+;")) exported.add(line.trim().replace(";", ""));
    }
    TreeSet<String> declared = new TreeSet<>();
    for (Method function : Native.class.getDeclaredMethods()) declared.add(function.getName());
    BindingTest.same(exported, declared);
    BindingTest.same(true, exported.size() > 80);
    for (Method function : Native.class.getDeclaredMethods()) {
      Object[] arguments = new Object[function.getParameterCount()];
      for (int i = 0; i < arguments.length; i++) arguments[i] = nothing(function.getParameterTypes()[i]);
      try {
        Object status = function.invoke(clv.lib, arguments);
        boolean fails = function.getName().endsWith("_begin");
        if (fails && (Integer) status >= 0) throw new AssertionError(function.getName() + " of nothing gave " + status);
      } catch (InvocationTargetException e) {
        throw new AssertionError(function.getName() + ": " + e.getCause(), e.getCause());
      }
    }
  }

  void a_stored_table_is_read_by_pages() {
    Native.TableOptions page = Clv.options(new Native.TableOptions(), "table", "transactions", "first", 5, "count", 3);
    try (Handle engine = shop(clv, null);
        Table rows = clv.answer((o, d) -> clv.lib.clv_engine_read_begin(engine.pointer(), page, o, d))) {
      BindingTest.same(3, rows.rows());
    }
  }

  void an_array_of_texts_names_the_customers_asked_for() {
    Pointer two = Clv.texts("c5", "c2");
    try (Handle engine = shop(clv, null);
        Table t = clv.answer((o, d) -> clv.lib.clv_engine_summarize_begin(engine.pointer(), null, two, 2, o, d))) {
      BindingTest.same(new String[] {"c2", "c5"}, t.texts("customer"));
    }
  }

  void a_group_answers_each_of_its_batches() {
    Native.KeyedBatch good = Clv.options(new Native.KeyedBatch(), "key", "a", "sequence", 1, "source", "shop",
        "rows", binding.orders("anna").batch());
    Native.KeyedBatch bad = Clv.options(new Native.KeyedBatch(), "key", "b", "rows", binding.orders("").batch());
    try (Handle engine = shop(clv, null);
        Table t = clv.answer((o, d) ->
            clv.lib.clv_engine_group_begin(engine.pointer(), null, Clv.structs(good, bad), 2, o, d))) {
      BindingTest.same(new long[] {Native.CLV_OK, Native.CLV_E_DATA}, t.integers("status"));
    }
  }

  void a_readers_fit_is_adopted_with_an_answer_and_named_by_an_alias() throws Exception {
    File folder = Files.createTempDirectory("clv").toFile();
    File path = new File(folder, "shop.clv");
    Native.EngineOptions reading =
        Clv.options(new Native.EngineOptions(), "path", path.toString(), "flags", Native.CLV_OPEN_READ_ONLY);
    Native.RunOptions once = Clv.options(new Native.RunOptions(), "answer",
        Clv.options(new Native.Answer(), "key", "fit-1", "now_us", 5));
    try (Handle engine = shop(clv, path.toString())) {
      try (Handle reader = clv.made((o, d) -> clv.lib.clv_engine_open(reading, o, d), clv.lib::clv_engine_free);
          Job fit = clv.begin((o, d) -> clv.lib.clv_engine_fit_begin(reader.pointer(), null, null, o, d))) {
        fit.run();
        clv.answer((o, d) -> clv.lib.clv_engine_adopt_begin(engine.pointer(), once, fit.pointer(), o, d)).close();
      }
      Native.Answer kept = new Native.Answer();
      clv.call(d -> clv.lib.clv_engine_answer(engine.pointer(), "fit-1", kept, d));
      BindingTest.same(1L, kept.made);
      BindingTest.same(5L, kept.now_us);
      LongByReference etag = new LongByReference();
      Native.AliasOptions production = Clv.options(new Native.AliasOptions(), "alias", "production", "model", "1",
          "flags", Native.CLV_ALIAS_UNCHECKED);
      clv.call(d -> clv.lib.clv_engine_set_alias(engine.pointer(), production, etag, d));
      BindingTest.same(true, etag.getValue() != 0);
    } finally {
      for (File file : folder.listFiles()) file.delete();
      folder.delete();
    }
  }

  /** So many batches, then an end or a failure; what nobody holds is collected meanwhile. */
  private Iterator<Columns> batches(int count, String failure) {
    return new Iterator<Columns>() {
      private int given;

      @Override
      public boolean hasNext() {
        return failure != null || given < count;
      }

      @Override
      public Columns next() {
        if (given++ == count) throw new IllegalStateException(failure);
        System.gc();
        return binding.orders("anna", "björn", "page" + given);
      }
    };
  }

  void events_come_from_an_iterator_in_one_transaction() throws Exception {
    Native.IngestOptions shop = Clv.options(new Native.IngestOptions(), "source", "shop");
    Native.TableOptions known = Clv.options(new Native.TableOptions(), "table", "known_customers");
    try (Handle engine = clv.made((o, d) -> clv.lib.clv_engine_open(null, o, d), clv.lib::clv_engine_free)) {
      try (Job job = clv.ingest(engine, shop, batches(2, "the queue is gone"))) {
        String said = BindingTest.thrown(ClvException.class, job::run).getMessage();
        BindingTest.same(true, said.contains("the queue is gone"));
      }
      try (Job job = clv.ingest(engine, shop, batches(4, null))) {
        job.run();
      }
      try (Table t = clv.answer((o, d) -> clv.lib.clv_engine_read_begin(engine.pointer(), known, o, d))) {
        BindingTest.same(new String[] {"anna", "björn", "page1", "page2", "page3", "page4"}, t.texts("customer"));
      }
      Native.IngestOptions unknown = Clv.options(new Native.IngestOptions(), "flags", 1);
      BindingTest.thrown(ClvException.class, () -> clv.ingest(engine, unknown, batches(1, null)));
    }
  }

  void a_report_takes_tables_by_name() throws Exception {
    Native.ReportOptions report = Clv.options(new Native.ReportOptions(), "report", "no_such", "n_inputs", 1,
        "inputs", Clv.named("transactions", binding.orders("anna").batch()));
    ClvException e = BindingTest.thrown(ClvException.class,
        () -> clv.answer((o, d) -> clv.lib.clv_report_begin(report, o, d)));
    BindingTest.same("CLV_E_NOT_FOUND", e.statusName);
  }

  void a_text_with_a_nul_is_refused() throws Exception {
    IllegalArgumentException e = BindingTest.thrown(IllegalArgumentException.class, () -> Clv.text("shop\0.clv"));
    BindingTest.same("a text has a NUL after \"shop\", where C would end it", e.getMessage());
    BindingTest.thrown(IllegalArgumentException.class, () -> Clv.texts("anna", "b\0"));
    BindingTest.thrown(IllegalArgumentException.class,
        () -> Table.of(clv, (o, d) -> clv.lib.clv_catalogue("models\0", o, d)));
    BindingTest.thrown(IllegalArgumentException.class, () -> new Columns().numbers("x\0", 1));
    BindingTest.thrown(IllegalArgumentException.class, () -> new Columns().money("amount", "EUR\0", 1));
    try (Table t = binding.summary(binding.orders("anna"))) {
      BindingTest.thrown(IllegalArgumentException.class, () -> t.numbers("x\0"));
    }
    BindingTest.thrown(ClvException.class, () -> binding.summary(binding.orders("anna", "a\0b")));
  }

  void options_are_refused_with_the_reason() throws Exception {
    IllegalArgumentException e = BindingTest.thrown(IllegalArgumentException.class,
        () -> Clv.options(new Native.FitOptions(), "model", "nbd\0"));
    BindingTest.same("a text has a NUL after \"nbd\", where C would end it", e.getMessage());
  }
}
