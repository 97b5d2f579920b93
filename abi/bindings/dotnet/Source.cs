// Events batch after batch, from the host's own enumeration.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Libclv {
  /// <summary>A clv_source: called while its job is stepped, kept until libclv releases it.</summary>
  internal sealed unsafe class Source {
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int NextBatch(IntPtr ctx, clv_batch* @out);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate IntPtr LastError(IntPtr ctx);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void ReleaseSource(IntPtr ctx);

    // Of the class and not of an instance: the collector never takes them.
    private static readonly NextBatch OnNext = (ctx, to) => Of(ctx).Next(to);
    private static readonly LastError OnError = ctx => (IntPtr)Of(ctx).said;
    private static readonly ReleaseSource OnRelease = Release;

    private readonly IEnumerator<Columns> batches;
    private readonly Lent words = new Lent();
    private byte* said;

    private Source(IEnumerable<Columns> batches) {
      this.batches = batches.GetEnumerator();
    }

    internal static Job Ingest(IntPtr engine, clv_ingest_options* options, IEnumerable<Columns> batches) {
      var table = new clv_source { struct_size = (uint)sizeof(clv_source) };
      table.ctx = GCHandle.ToIntPtr(GCHandle.Alloc(new Source(batches)));
      table.next = Marshal.GetFunctionPointerForDelegate(OnNext);
      table.last_error = Marshal.GetFunctionPointerForDelegate(OnError);
      table.release = Marshal.GetFunctionPointerForDelegate(OnRelease);
      try {
        return Clv.Begin((o, d) => {
          var own = table;
          return Native.clv_engine_ingest_source_begin(engine, options, &own, o, d);
        });
      } catch {
        Release(table.ctx);  // of a job that did not begin libclv releases nothing
        throw;
      }
    }

    private static Source Of(IntPtr ctx) {
      return (Source)GCHandle.FromIntPtr(ctx).Target;
    }

    // No exception may run through C: it ends the job instead.
    private int Next(clv_batch* to) {
      try {
        if (!batches.MoveNext()) return Native.CLV_END;
        *to = *batches.Current.Batch;
        return Native.CLV_OK;
      } catch (Exception e) {
        said = words.Text(e.Message.Replace('\0', ' '));
        return Native.CLV_E_IO;
      }
    }

    private static void Release(IntPtr ctx) {
      var source = Of(ctx);
      GCHandle.FromIntPtr(ctx).Free();
      source.words.Dispose();
      try {
        source.batches.Dispose();
      } catch (Exception) {
        // The job is over; nobody is left to be told.
      }
    }
  }
}
