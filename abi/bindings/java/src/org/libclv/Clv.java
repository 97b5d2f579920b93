package org.libclv;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.PointerByReference;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    // Not the platform's encoding: texts are UTF-8 whatever the locale.
    lib = com.sun.jna.Native.load(
        nameOrPath, Native.class, Collections.singletonMap(Library.OPTION_STRING_ENCODING, "UTF-8"));
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

  /** A text for a field of options, which keeps it. */
  public static Pointer text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }

  /**
   * Options by name, others are the default:
   * {@code options(new Native.ScoreOptions(), "margin", .3, "model", "production")}.
   */
  public static <T extends Structure> T options(T all, Object... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String name = (String) namesAndValues[i];
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
    if (type == int.class) return Math.toIntExact(((Number) value).longValue());
    if (type == long.class) return ((Number) value).longValue();
    return type == double.class ? (Object) ((Number) value).doubleValue() : value;
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
