package org.libclv;

import com.sun.jna.Pointer;
import java.util.function.Consumer;

/**
 * An engine, a set of plugins, a model: freed once, by close. Nothing frees it when it is forgotten: a
 * finalizer would run on a thread of its own, which an engine does not allow.
 */
public class Handle implements AutoCloseable {
  private Pointer held;
  private final Consumer<Pointer> free;

  Handle(Pointer held, Consumer<Pointer> free) {
    this.held = held;
    this.free = free;
  }

  /** For the functions of {@link Clv#lib}. */
  public Pointer pointer() {
    if (held == null) throw new IllegalStateException("closed already");
    return held;
  }

  @Override
  public void close() {
    if (held != null) free.accept(held);
    held = null;
  }
}
