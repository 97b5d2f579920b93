package org.libclv;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.Structure;
import com.sun.jna.ptr.PointerByReference;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A loaded libclv.
 *
 * <p>Every C function is a method of {@link #lib}. The methods here give it the parameters that it ends
 * with and turn a failure into a {@link ClvException}, so that nothing must follow when libclv grows:
 *
 * <pre>
 * Clv clv = new Clv("clv");
 * try (Handle engine = clv.made((out, diag) -&gt; clv.lib.clv_engine_open(null, out, diag), clv.lib::clv_engine_free);
 *     Table scores = clv.answer((out, diag) -&gt; clv.lib.clv_engine_score_begin(engine.pointer(), null, out, diag))) {
 *   double[] value = scores.numbers("clv");
 * }
 * </pre>
 *
 * <p>May be shared by threads. What it makes is used by one thread at a time, tables and models by any.
 */
public final class Clv {
  public final Native lib;

  /** A call that can fail. */
  public interface Call {
    int call(Pointer diag);
  }

  /** A call that makes a handle. */
  public interface Make {
    int call(PointerByReference out, Pointer diag);
  }

  /** The library "clv" is looked for by the system's loader (libclv.so); a path names the file. */
  public Clv(String nameOrPath) {
    Map<String, Object> options = new HashMap<>();
    // Not the platform's encoding: texts are UTF-8 whatever the locale.
    options.put(Library.OPTION_STRING_ENCODING, "UTF-8");
    options.put(Library.OPTION_TYPE_MAPPER, Texts.WHOLE);
    lib = com.sun.jna.Native.load(nameOrPath, Native.class, options);
    int abi = lib.clv_abi();
    if (abi >>> 16 != Native.CLV_ABI_MAJOR) {
      String both = (abi >>> 16) + "." + (abi & 0xffff) + ", these declarations are of " + Native.CLV_ABI_MAJOR;
      throw new ClvException("CLV_E_ABI", Collections.singletonList(note(Native.CLV_E_ABI, "libclv has ABI " + both)));
    }
  }

  /** What the call returned: CLV_OK, CLV_MORE or CLV_END. */
  public int call(Call function) {
    Pointer diag = lib.clv_diag_new();
    try {
      return checked(function.call(diag), diag);
    } finally {
      lib.clv_diag_free(diag);
    }
  }

  /** The handle a call makes, and how it is freed. */
  public Handle made(Make function, Consumer<Pointer> free) {
    return new Handle(pointer(function), free);
  }

  public Job begin(Make function) {
    return new Job(this, pointer(function));
  }

  /** Runs a job to its end and takes its main table. */
  public Table answer(Make function) {
    try (Job job = begin(function)) {
      return job.run().take(null);
    }
  }

  /**
   * Events batch after batch in one transaction: all rows of all batches, or none. The iterator is asked while
   * the job is stepped; what it throws ends the job.
   */
  public Job ingest(Handle engine, Native.IngestOptions options, Iterator<Columns> batches) {
    return Source.ingest(this, engine, options, batches);
  }

  /** A text for a field of options, which keeps it. One with a NUL is refused, as in every call. */
  public static Pointer text(String value) {
    byte[] bytes = Texts.whole(value).getBytes(StandardCharsets.UTF_8);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }

  /** An array of texts, such as the customers of clv_engine_summarize_begin. */
  public static Pointer texts(String... values) {
    for (String value : values) Texts.whole(value);
    return new StringArray(values, "UTF-8");
  }

  /** Structs as an array of pointers to them, such as the batches of clv_engine_group_begin. */
  public static Pointer structs(Structure... values) {
    long stride = com.sun.jna.Native.POINTER_SIZE;
    Kept array = new Kept(Math.max(1, stride * values.length), (Object) values);
    for (int i = 0; i < values.length; i++) {
      values[i].write();
      array.setPointer(stride * i, values[i].getPointer());
    }
    return array;
  }

  /** Tables by name: "inputs" of a report, "facts" of a decision; their number is an option of its own. */
  public static Pointer named(Object... namesAndBatches) {
    if (namesAndBatches.length == 0) return null;
    Native.NamedBatch[] all = (Native.NamedBatch[]) new Native.NamedBatch().toArray(namesAndBatches.length / 2);
    for (int i = 0; i < all.length; i++) {
      all[i].name = text((String) namesAndBatches[2 * i]);
      all[i].batch = struct((Structure) namesAndBatches[2 * i + 1]);
    }
    return array(all);
  }

  /**
   * Options by name, others are the default:
   * {@code options(new Native.ScoreOptions(), "margin", .3, "model", "production")}. A value may be options
   * as well, such as the answer of a request.
   */
  public static <T extends Structure> T options(T all, Object... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String name = (String) namesAndValues[i];
      if (namesAndValues[i + 1] instanceof String) Texts.whole((String) namesAndValues[i + 1]);
      try {
        Field field = all.getClass().getField(name);
        field.set(all, fitting(field.getType(), namesAndValues[i + 1]));
      } catch (ReflectiveOperationException | IllegalArgumentException | ClassCastException e) {
        String message = all.getClass().getSimpleName() + " has no option '" + name + "' of that type";
        throw new IllegalArgumentException(message, e);
      }
    }
    return all;
  }

  private static Object fitting(Class<?> type, Object value) {
    if (value instanceof String) return text((String) value);
    if (value instanceof Structure) return struct((Structure) value);
    if (type == int.class) return Math.toIntExact(((Number) value).longValue());
    if (type == long.class) return ((Number) value).longValue();
    return type == double.class ? (Object) ((Number) value).doubleValue() : value;
  }

  private static Pointer struct(Structure value) {
    return array(new Structure[] {value});
  }

  private static Pointer array(Structure[] values) {
    int stride = values[0].size();
    Kept copy = new Kept((long) stride * values.length, (Object) values);
    for (int i = 0; i < values.length; i++) {
      values[i].write();
      copy.write((long) stride * i, values[i].getPointer().getByteArray(0, stride), 0, stride);
    }
    return copy;
  }

  /** Memory that keeps what it points to. */
  private static final class Kept extends Memory {
    private final Object[] of;

    Kept(long size, Object... of) {
      super(size);
      this.of = of;
    }
  }

  Pointer pointer(Make function) {
    PointerByReference out = new PointerByReference();
    call(diag -> function.call(out, diag));
    return out.getValue();
  }

  int checked(int status, Pointer diag) {
    if (status < 0) {
      throw new ClvException(lib.clv_status_name(status), notes(status, diag));
    }
    return status;
  }

  List<ClvException.Note> notes(int status, Pointer diag) {
    List<ClvException.Note> all = new ArrayList<>();
    Native.DiagEntry entry = new Native.DiagEntry();
    for (long i = 0; i < lib.clv_diag_count(diag); i++) {
      if (lib.clv_diag_get(diag, i, entry) < 0) break;
      all.add(new ClvException.Note(entry));
    }
    if (all.isEmpty() && status < 0) all.add(note(status, lib.clv_status_name(status)));
    return all;
  }

  private static ClvException.Note note(int status, String message) {
    Native.DiagEntry entry = new Native.DiagEntry();
    entry.status = status;
    entry.level = Native.CLV_LOG_ERROR;
    entry.row = -1;
    entry.message = text(message);
    return new ClvException.Note(entry);
  }
}
