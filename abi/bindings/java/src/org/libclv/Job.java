package org.libclv;

import com.sun.jna.Pointer;
import java.util.List;
import java.util.function.Consumer;

/** Long work that the caller steps. Close it before its engine. */
public final class Job extends Handle {
  private static final int SLICE_MS = 50;
  private final Clv clv;
  private final Handle diag;

  Job(Clv clv, Pointer held) {
    super(held, clv.lib::clv_job_free);
    this.clv = clv;
    diag = new Handle(clv.lib.clv_diag_new(), clv.lib::clv_diag_free);
  }

  /** Works for about that long, 0 = to the end; false when it is done. */
  public boolean step(int milliseconds) {
    int status = clv.lib.clv_job_step(pointer(), milliseconds, diag.pointer());
    return clv.checked(status, diag.pointer()) == Native.CLV_MORE;
  }

  /** To the end; interrupting the thread ends it with CLV_E_CANCELLED. */
  public Job run() {
    return run(progress -> {});
  }

  /** To the end, with a look at the progress after each slice. */
  public Job run(Consumer<Native.Progress> between) {
    while (step(SLICE_MS)) {
      if (Thread.currentThread().isInterrupted()) cancel();
      between.accept(progress());
    }
    return this;
  }

  public Native.Progress progress() {
    Native.Progress now = new Native.Progress();
    clv.call(said -> clv.lib.clv_job_progress(pointer(), now, said));
    return now;
  }

  /** From any thread: the step that is running, or the next one, ends with CLV_E_CANCELLED. */
  public void cancel() {
    clv.lib.clv_job_cancel(pointer());
  }

  /** A table of the finished job; null is its main one. */
  public Table take(String name) {
    return new Table(clv, clv.pointer((out, said) -> clv.lib.clv_job_take_result(pointer(), name, out, said)));
  }

  /** The model of a finished fit. */
  public Handle takeModel() {
    return clv.made((out, said) -> clv.lib.clv_job_take_model(pointer(), out, said), clv.lib::clv_model_free);
  }

  /** What it had to say although it did not fail: a plugin that was left out, a fit at a boundary. */
  public List<ClvException.Note> notes() {
    return clv.notes(Native.CLV_OK, diag.pointer());
  }

  @Override
  public void close() {
    super.close();
    diag.close();
  }
}
