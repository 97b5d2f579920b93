package org.libclv;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Pointer;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A clv_source that draws from an iterator: called while its job is stepped, kept until libclv releases it. */
final class Source {
  /** Nothing in Java refers to what only libclv holds. */
  private static final Set<Source> LENT = ConcurrentHashMap.newKeySet();

  private final Iterator<Columns> batches;
  private final Next next = this::next;
  private final LastError lastError = this::lastError;
  private final Release release = this::release;
  private Native.Batch lent;
  private Pointer said;

  interface Next extends Callback {
    int call(Pointer ctx, Pointer out);
  }

  interface LastError extends Callback {
    Pointer call(Pointer ctx);
  }

  interface Release extends Callback {
    void call(Pointer ctx);
  }

  private Source(Iterator<Columns> batches) {
    this.batches = batches;
  }

  static Job ingest(Clv clv, Handle engine, Native.IngestOptions options, Iterator<Columns> batches) {
    Source source = new Source(batches);
    Native.Source table = new Native.Source();
    table.next = CallbackReference.getFunctionPointer(source.next);
    table.last_error = CallbackReference.getFunctionPointer(source.lastError);
    table.release = CallbackReference.getFunctionPointer(source.release);
    LENT.add(source);
    try {
      return clv.begin((out, diag) ->
          clv.lib.clv_engine_ingest_source_begin(engine.pointer(), options, table, out, diag));
    } catch (RuntimeException e) {
      LENT.remove(source);  // of a job that did not begin nothing is released
      throw e;
    }
  }

  private int next(Pointer ctx, Pointer out) {
    try {
      if (!batches.hasNext()) return Native.CLV_END;
      lent = batches.next().batch();
      lent.write();
      out.write(0, lent.getPointer().getByteArray(0, lent.size()), 0, lent.size());
      return Native.CLV_OK;
    } catch (Throwable t) {  // what leaves a callback is printed and lost
      said = Clv.text(t.toString().replace('\0', ' '));
      return Native.CLV_E_IO;
    }
  }

  private Pointer lastError(Pointer ctx) {
    return said;
  }

  private void release(Pointer ctx) {
    LENT.remove(this);
  }
}
