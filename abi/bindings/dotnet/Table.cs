// Answers out, the host's own columns in.
using System;
using System.Collections.Generic;
using System.Text;

namespace Libclv {
  /// <summary>An answer: columns by name, of any thread, so that the finalizer may free it as well. Each call
  /// therefore keeps the table alive until it has returned.</summary>
  public sealed unsafe class Table : Handle {
    internal Table(IntPtr made) : base(made, Native.clv_result_free) {
      GC.ReRegisterForFinalize(this);
    }

    /// <summary>A table that is read without a job: of an engine, of the catalogue, of a model.</summary>
    public static Table Of(Make make) {
      return new Table(Clv.Pointer(make));
    }

    public int Rows {
      get {
        var rows = checked((int)Native.clv_result_rows(Pointer));
        GC.KeepAlive(this);
        return rows;
      }
    }

    public string Fingerprint {
      get {
        var text = Utf8.Read(Native.clv_result_fingerprint(Pointer));
        GC.KeepAlive(this);
        return text;
      }
    }

    /// <summary>Currency, "day", "week" or "".</summary>
    public string Unit(string column) {
      var at = Find(column);
      string unit = null;
      Clv.Run(d => {
        var info = new clv_column_info { struct_size = (uint)sizeof(clv_column_info) };
        var status = Native.clv_result_column(Pointer, at, &info, d);
        unit = status < 0 ? null : Utf8.Read(info.unit);
        return status;
      });
      GC.KeepAlive(this);
      return unit;
    }

    /// <summary>NaN where a value is absent.</summary>
    public double[] Numbers(string column) {
      var values = new double[Rows];
      Read(column, Native.CLV_T_F64, values);
      return values;
    }

    /// <summary>Whole numbers, times in microseconds, money in minor units; 0 where a value is absent.</summary>
    public long[] Integers(string column) {
      var values = new long[Rows];
      Read(column, Native.CLV_T_I64, values);
      return values;
    }

    /// <summary>null where a text is absent.</summary>
    public string[] Texts(string column) {
      var at = Find(column);
      var values = new string[Rows];
      for (var row = 0; row < values.Length; ++row) {
        values[row] = Utf8.Read(Native.clv_result_text(Pointer, at, row, null));
      }
      GC.KeepAlive(this);
      return values;
    }

    /// <summary>As input of the next verb; valid until the table or `lent` is disposed, which keeps the table
    /// from the collector.</summary>
    public clv_batch* Batch(Lent lent) {
      var batch = (clv_batch*)lent.Options(new clv_batch());
      Clv.Run(d => Native.clv_result_batch(Pointer, batch, d));
      lent.Keep(this);
      return batch;
    }

    private int Find(string column) {
      using (var lent = new Lent()) {
        var at = Native.clv_result_find(Pointer, lent.Text(column));
        GC.KeepAlive(this);
        if (at < 0) throw new ArgumentException("the table has no column '" + column + "'");
        return at;
      }
    }

    private void Read(string column, uint type, Array values) {
      var at = Find(column);
      if (values.Length == 0) return;
      using (var lent = new Lent()) {
        var to = lent.Array(values);
        Clv.Run(d => {
          var what = new clv_read_options { struct_size = (uint)sizeof(clv_read_options) };
          what.column = at;
          what.as_type = type;
          what.values = to;
          return Native.clv_result_read(Pointer, &what, d);
        });
      }
      GC.KeepAlive(this);
    }
  }

  /// <summary>The host's own arrays as a batch, read where they lie; texts are packed once. All columns have
  /// as many rows as the first.</summary>
  public sealed unsafe class Columns : IDisposable {
    private readonly Lent lent = new Lent();
    private readonly List<clv_column> items = new List<clv_column>();
    private int rows;

    public Columns Numbers(string name, params double[] values) {
      return Add(name, values, values.Length, Native.CLV_T_F64, null);
    }

    public Columns Integers(string name, params long[] values) {
      return Add(name, values, values.Length, Native.CLV_T_I64, null);
    }

    /// <summary>Microseconds since 1970, UTC.</summary>
    public Columns Times(string name, params long[] values) {
      return Add(name, values, values.Length, Native.CLV_T_TIME, null);
    }

    /// <summary>Minor units of a currency such as "EUR".</summary>
    public Columns Money(string name, string currency, params long[] values) {
      return Add(name, values, values.Length, Native.CLV_T_MONEY, currency);
    }

    public Columns Texts(string name, params string[] values) {
      var packed = new List<byte>();
      var ends = new long[values.Length + 1];
      for (var i = 0; i < values.Length; ++i) {
        packed.AddRange(Encoding.UTF8.GetBytes(values[i]));
        ends[i + 1] = packed.Count;
      }
      Add(name, packed.ToArray(), values.Length, Native.CLV_T_UTF8, null);
      var column = items[items.Count - 1];
      column.offsets = (long*)lent.Array(ends);
      items[items.Count - 1] = column;
      return this;
    }

    /// <summary>Which rows of the column added last have a value.</summary>
    public Columns Present(params bool[] known) {
      if (items.Count == 0 || known.Length != rows) {
        throw new ArgumentException(known.Length + " rows are said to be present or not, the columns have " + rows);
      }
      var bits = new byte[known.Length / 8 + 1];
      for (var row = 0; row < known.Length; ++row) {
        if (known[row]) bits[row / 8] |= (byte)(1 << row % 8);
      }
      var column = items[items.Count - 1];
      column.validity = (byte*)lent.Array(bits);
      items[items.Count - 1] = column;
      return this;
    }

    /// <summary>The columns added so far; valid until this is disposed.</summary>
    public clv_batch* Batch {
      get {
        var batch = (clv_batch*)lent.Options(new clv_batch());
        batch->n_columns = (uint)items.Count;
        batch->n_rows = rows;
        batch->columns = (clv_column*)lent.Block(items.Count * sizeof(clv_column));
        for (var i = 0; i < items.Count; ++i) batch->columns[i] = items[i];
        return batch;
      }
    }

    public void Dispose() {
      lent.Dispose();
    }

    private Columns Add(string name, Array values, int count, uint type, string unit) {
      if (items.Count > 0 && count != rows) {
        throw new ArgumentException("column '" + name + "' has " + count + " rows, the one before " + rows);
      }
      rows = count;
      var column = new clv_column { type = type };
      column.name = lent.Text(name);
      column.unit = lent.Text(unit);
      column.data = lent.Array(values);
      items.Add(column);
      return this;
    }
  }
}
