// What libclv makes: freed once, by Dispose.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Libclv {
  /// <summary>An engine, a set of plugins, a model: dispose what you made. Nothing else frees it: a finalizer
  /// would run on a thread of its own, which an engine does not allow. So what was forgotten is lost memory,
  /// and a forgotten job keeps its engine, but nothing is freed under a call that is running.</summary>
  public class Handle : SafeHandle {
    private readonly Action<IntPtr> free;

    internal Handle(IntPtr made, Action<IntPtr> free) : base(IntPtr.Zero, true) {
      this.free = free;
      SetHandle(made);
      GC.SuppressFinalize(this);
    }

    /// <summary>For the functions of Native.</summary>
    public IntPtr Pointer {
      get {
        if (IsClosed) throw new ObjectDisposedException(GetType().Name);
        return handle;
      }
    }

    public override bool IsInvalid {
      get { return handle == IntPtr.Zero; }
    }

    protected override bool ReleaseHandle() {
      free(handle);
      return true;
    }
  }

  /// <summary>Long work that the caller steps. Dispose it before its engine.</summary>
  public sealed unsafe class Job : Handle {
    private const uint SliceMs = 50;
    private readonly Handle diag = new Handle(Native.clv_diag_new(), Native.clv_diag_free);

    internal Job(IntPtr made) : base(made, Native.clv_job_free) {}

    /// <summary>Works for about that long, 0 = to the end; false when it is done.</summary>
    public bool Step(uint milliseconds) {
      return Clv.Checked(Native.clv_job_step(Pointer, milliseconds, diag.Pointer), diag.Pointer) == Native.CLV_MORE;
    }

    /// <summary>To the end, with a look at how far it is (0 to 1) after each slice.</summary>
    public Job Run(Action<double> between = null) {
      while (Step(SliceMs)) {
        if (between != null) between(Fraction);
      }
      return this;
    }

    public double Fraction {
      get {
        var now = new clv_progress { struct_size = (uint)sizeof(clv_progress) };
        Clv.Checked(Native.clv_job_progress(Pointer, &now, diag.Pointer), diag.Pointer);
        return now.fraction;
      }
    }

    /// <summary>From any thread: the step that is running, or the next one, ends with CLV_E_CANCELLED.</summary>
    public void Cancel() {
      Native.clv_job_cancel(Pointer);
    }

    /// <summary>A table of the finished job; null is its main one.</summary>
    public Table Take(string name) {
      using (var lent = new Lent()) {
        var text = lent.Text(name);
        return new Table(Clv.Pointer((o, d) => Native.clv_job_take_result(Pointer, text, o, d)));
      }
    }

    /// <summary>The model of a finished fit.</summary>
    public Handle TakeModel() {
      return Clv.Made(Native.clv_model_free, (o, d) => Native.clv_job_take_model(Pointer, o, d));
    }

    /// <summary>What it had to say although it did not fail.</summary>
    public IReadOnlyList<Note> Notes {
      get { return Clv.Notes(diag.Pointer); }
    }

    protected override void Dispose(bool disposing) {
      base.Dispose(disposing);
      if (disposing) diag.Dispose();
    }
  }
}
