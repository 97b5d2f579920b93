package org.libclv;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** An answer: columns by name, of any thread. */
public final class Table extends Handle {
  private final Clv clv;

  Table(Clv clv, Pointer held) {
    super(held, clv.lib::clv_result_free);
    this.clv = clv;
  }

  /** A table that is read without a job: of an engine, of the catalogue, of a model. */
  public static Table of(Clv clv, Clv.Make function) {
    return new Table(clv, clv.pointer(function));
  }

  public int rows() {
    return Math.toIntExact(clv.lib.clv_result_rows(pointer()));
  }

  /** Name, type, unit and number of absent values. Throws where there is no such column. */
  public Native.ColumnInfo info(String column) {
    Native.ColumnInfo info = new Native.ColumnInfo();
    int at = find(column);
    clv.call(diag -> clv.lib.clv_result_column(pointer(), at, info, diag));
    return info;
  }

  /** Currency, "day", "week" or "". */
  public String unit(String column) {
    return info(column).unit.getString(0, "UTF-8");
  }

  /** NaN where a value is absent. */
  public double[] numbers(String column) {
    Memory values = read(column, Native.CLV_T_F64);
    return values == null ? new double[0] : values.getDoubleArray(0, rows());
  }

  /** Whole numbers, times in microseconds, money in minor units; 0 where a value is absent. */
  public long[] integers(String column) {
    Memory values = read(column, Native.CLV_T_I64);
    return values == null ? new long[0] : values.getLongArray(0, rows());
  }

  /** Null where a text is absent. */
  public String text(String column, int row) {
    return clv.lib.clv_result_text(pointer(), find(column), row, null);
  }

  public String[] texts(String column) {
    int at = find(column);
    String[] all = new String[rows()];
    for (int row = 0; row < all.length; row++) all[row] = clv.lib.clv_result_text(pointer(), at, row, null);
    return all;
  }

  public String fingerprint() {
    return clv.lib.clv_result_fingerprint(pointer());
  }

  /** As input of the next verb; valid until the table is closed. */
  public Native.Batch batch() {
    Native.Batch batch = new Native.Batch();
    clv.call(diag -> clv.lib.clv_result_batch(pointer(), batch, diag));
    return batch;
  }

  private int find(String column) {
    int at = clv.lib.clv_result_find(pointer(), column);
    if (at < 0) throw new IllegalArgumentException("the table has no column '" + column + "'");
    return at;
  }

  private Memory read(String column, int type) {
    Native.ReadOptions what = new Native.ReadOptions();
    what.column = find(column);
    what.as_type = type;
    if (rows() == 0) return null;
    Memory values = new Memory(8L * rows());
    what.values = values;
    clv.call(diag -> clv.lib.clv_result_read(pointer(), what, diag));
    return values;
  }
}
