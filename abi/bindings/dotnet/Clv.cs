// libclv for .NET and Mono on Native.cs. Nothing of it is generated, and nothing must follow when libclv
// grows: Run, Made, Begin and Answer give any function of Native the parameters that it ends with.
//
//   using (var engine = Clv.Made(Native.clv_engine_free, (o, d) => Native.clv_engine_open(null, o, d)))
//   using (var scores = Clv.Answer((o, d) => Native.clv_engine_score_begin(engine.Pointer, null, o, d)))
//     foreach (var value in scores.Numbers("clv")) ...
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Libclv {
  /// <summary>A call that can fail.</summary>
  public delegate int Call(IntPtr diag);

  /// <summary>A call that makes a handle.</summary>
  public unsafe delegate int Make(IntPtr* @out, IntPtr diag);

  public static unsafe class Clv {
    /// <summary>Refuses a library of another major version. Call it first.</summary>
    public static void Check() {
      var abi = Native.clv_abi();
      if (abi >> 16 == Native.CLV_ABI_MAJOR) return;
      throw new ClvException(Native.CLV_E_ABI, new List<Note>(),
          "libclv has ABI " + (abi >> 16) + "." + (abi & 0xffff) + ", these declarations are of " + Native.CLV_ABI_MAJOR);
    }

    /// <summary>What the call returned: CLV_OK, CLV_MORE or CLV_END.</summary>
    public static int Run(Call call) {
      var diag = Native.clv_diag_new();
      try {
        return Checked(call(diag), diag);
      } finally {
        Native.clv_diag_free(diag);
      }
    }

    /// <summary>The handle that a call makes, and the function that frees it.</summary>
    public static Handle Made(Action<IntPtr> free, Make make) {
      return new Handle(Pointer(make), free);
    }

    public static Job Begin(Make make) {
      return new Job(Pointer(make));
    }

    /// <summary>Runs a job to its end and takes its main table.</summary>
    public static Table Answer(Make make) {
      using (var job = Begin(make)) return job.Run().Take(null);
    }

    /// <summary>Events batch after batch in one transaction: all rows of all batches, or none. The enumeration
    /// goes on while the job is stepped, and disposes its columns itself: a batch is read before the next.
    /// What it throws ends the job.</summary>
    public static Job Ingest(IntPtr engine, clv_ingest_options* options, IEnumerable<Columns> batches) {
      return Source.Ingest(engine, options, batches);
    }

    internal static IntPtr Pointer(Make make) {
      IntPtr made = IntPtr.Zero;
      Run(diag => {
        IntPtr own = IntPtr.Zero;
        var status = make(&own, diag);
        made = own;
        return status;
      });
      return made;
    }

    internal static int Checked(int status, IntPtr diag) {
      if (status >= 0) return status;
      throw new ClvException(status, Notes(diag), Utf8.Read(Native.clv_status_name(status)));
    }

    internal static List<Note> Notes(IntPtr diag) {
      var all = new List<Note>();
      for (long i = 0; i < Native.clv_diag_count(diag); ++i) {
        var entry = new clv_diag_entry { struct_size = (uint)sizeof(clv_diag_entry) };
        if (Native.clv_diag_get(diag, i, &entry) < 0) break;
        all.Add(new Note(entry));
      }
      return all;
    }
  }

  /// <summary>One sentence of libclv: an error, or a note of a job that went on.</summary>
  public sealed unsafe class Note {
    public readonly int Status, Level;
    /// <summary>From 0; -1 where it is not about a row.</summary>
    public readonly long Row;
    /// <summary>null where there is none.</summary>
    public readonly string Column, Message, Hint, Plugin;

    internal Note(clv_diag_entry entry) {
      Status = entry.status;
      Level = entry.level;
      Row = entry.row;
      Column = Utf8.Read(entry.column);
      Message = Utf8.Read(entry.message);
      Hint = Utf8.Read(entry.hint);
      Plugin = Utf8.Read(entry.plugin_id);
    }
  }

  /// <summary>A failed call: Message is libclv's sentence, the rest says where and what to do.</summary>
  public sealed unsafe class ClvException : Exception {
    public readonly int Status;
    /// <summary>What failed; null where nothing was said.</summary>
    public readonly Note Reason;
    /// <summary>All that was said, oldest first.</summary>
    public readonly IReadOnlyList<Note> Notes;

    internal ClvException(int status, List<Note> notes, string otherwise) : base(Sentence(notes, otherwise)) {
      Status = status;
      Notes = notes;
      Reason = Last(notes);
    }

    /// <summary>"CLV_E_DATA" and the like.</summary>
    public string StatusName {
      get { return Utf8.Read(Native.clv_status_name(Status)); }
    }

    private static Note Last(List<Note> notes) {
      return notes.FindLast(n => n.Level == Native.CLV_LOG_ERROR);
    }

    private static string Sentence(List<Note> notes, string otherwise) {
      var last = Last(notes);
      return last == null ? otherwise : last.Message;
    }
  }

  /// <summary>Texts across the wall.</summary>
  public static unsafe class Utf8 {
    public static string Read(byte* text) {
      if (text == null) return null;
      var length = 0;
      while (text[length] != 0) ++length;
      return Encoding.UTF8.GetString(text, length);
    }
  }

  /// <summary>What one call hands over: texts for fields of options, arrays for columns. Dispose it when the
  /// call has returned: libclv keeps none of it.</summary>
  public sealed unsafe class Lent : IDisposable {
    private readonly List<IntPtr> blocks = new List<IntPtr>();
    private readonly List<GCHandle> pins = new List<GCHandle>();
    private readonly List<object> kept = new List<object>();

    /// <summary>In UTF-8. A NUL within is refused: C would read only what stands before it.</summary>
    public byte* Text(string value) {
      if (value == null) return null;
      var nul = value.IndexOf('\0');
      if (nul >= 0) {
        throw new ArgumentException("a text has a NUL after \"" + value.Substring(0, nul) + "\", where C would end it");
      }
      var bytes = Encoding.UTF8.GetBytes(value);
      var block = (byte*)Block(bytes.Length + 1);
      Marshal.Copy(bytes, 0, (IntPtr)block, bytes.Length);
      block[bytes.Length] = 0;
      return block;
    }

    /// <summary>An array of texts, such as the customers of clv_engine_summarize_begin.</summary>
    public byte** Texts(params string[] values) {
      var block = (byte**)Block(values.Length * sizeof(byte*));
      for (var i = 0; i < values.Length; ++i) block[i] = Text(values[i]);
      return block;
    }

    /// <summary>The collector does not take it before this is disposed.</summary>
    public void Keep(object needed) {
      kept.Add(needed);
    }

    /// <summary>A struct with its size set; what is zero is the default:
    /// (clv_fit_options*)lent.Options(new clv_fit_options { model = lent.Text("nbd") }).</summary>
    public IntPtr Options(object values) {
      var size = Marshal.SizeOf(values);
      var block = Block(size);
      Marshal.StructureToPtr(values, block, false);
      *(uint*)block = (uint)size;
      return block;
    }

    /// <summary>The array where it lies; the collector does not move it meanwhile.</summary>
    public IntPtr Array(System.Array values) {
      var pin = GCHandle.Alloc(values, GCHandleType.Pinned);
      pins.Add(pin);
      return pin.AddrOfPinnedObject();
    }

    public IntPtr Block(int size) {
      var block = Marshal.AllocHGlobal(Math.Max(1, size));
      blocks.Add(block);
      return block;
    }

    public void Dispose() {
      foreach (var block in blocks) Marshal.FreeHGlobal(block);
      foreach (var pin in pins) pin.Free();
      blocks.Clear();
      pins.Clear();
      kept.Clear();
    }
  }
}
