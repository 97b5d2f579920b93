package org.libclv;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.Buffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The host's own columns as a batch. Arrays are copied out of the Java heap once; direct buffers in the
 * machine's byte order are read where they lie. All columns have as many rows as the first.
 */
public final class Columns {
  private static final class Item {
    Pointer name;
    Pointer unit;
    Pointer data;
    Pointer offsets;
    Pointer validity;
    int type;
  }

  /** Keeps what it points to, as long as JNA keeps it: during the call. */
  static final class Held extends Native.Batch {
    private Native.Column[] of;
  }

  /** Where a buffer lies; keeps it, which its address alone would not. */
  private static final class Lying extends Pointer {
    private final Buffer of;

    Lying(Buffer of) {
      super(nativeValue(com.sun.jna.Native.getDirectBufferPointer(of)) + 8L * of.position());
      this.of = of;
    }
  }

  private final List<Item> items = new ArrayList<>();
  private int rows;

  public Columns numbers(String name, double... values) {
    return add(name, values.length, copy(values), Native.CLV_T_F64, null);
  }

  public Columns numbers(String name, DoubleBuffer direct) {
    return add(name, direct.remaining(), address(direct, direct.order()), Native.CLV_T_F64, null);
  }

  public Columns integers(String name, long... values) {
    return add(name, values.length, copy(values), Native.CLV_T_I64, null);
  }

  /** Microseconds since 1970, UTC. */
  public Columns times(String name, long... values) {
    return add(name, values.length, copy(values), Native.CLV_T_TIME, null);
  }

  public Columns times(String name, LongBuffer direct) {
    return add(name, direct.remaining(), address(direct, direct.order()), Native.CLV_T_TIME, null);
  }

  /** Minor units of a currency such as "EUR". */
  public Columns money(String name, String currency, long... values) {
    return add(name, values.length, copy(values), Native.CLV_T_MONEY, currency);
  }

  public Columns money(String name, String currency, LongBuffer direct) {
    return add(name, direct.remaining(), address(direct, direct.order()), Native.CLV_T_MONEY, currency);
  }

  public Columns texts(String name, String... values) {
    byte[][] encoded = new byte[values.length][];
    long[] ends = new long[values.length + 1];
    for (int i = 0; i < values.length; i++) {
      encoded[i] = values[i].getBytes(StandardCharsets.UTF_8);
      ends[i + 1] = ends[i] + encoded[i].length;
    }
    Memory bytes = new Memory(Math.max(1, ends[values.length]));
    for (int i = 0; i < values.length; i++) bytes.write(ends[i], encoded[i], 0, encoded[i].length);
    add(name, values.length, bytes, Native.CLV_T_UTF8, null);
    items.get(items.size() - 1).offsets = copy(ends);
    return this;
  }

  /** Which rows of the column added last have a value. */
  public Columns present(boolean... known) {
    if (items.isEmpty() || known.length != rows) {
      throw new IllegalArgumentException(known.length + " rows are said to be present or not, the columns have " + rows);
    }
    Memory bits = new Memory(known.length / 8 + 1L);
    bits.clear();
    for (int row = 0; row < known.length; row++) {
      if (known[row]) bits.setByte(row / 8, (byte) (bits.getByte(row / 8) | 1 << row % 8));
    }
    items.get(items.size() - 1).validity = bits;
    return this;
  }

  /** For the functions of {@link Clv#lib}. */
  public Native.Batch batch() {
    Held batch = new Held();
    batch.n_columns = items.size();
    batch.n_rows = rows;
    if (items.isEmpty()) return batch;
    batch.of = (Native.Column[]) new Native.Column().toArray(items.size());
    for (int i = 0; i < batch.of.length; i++) {
      Item item = items.get(i);
      batch.of[i].name = item.name;
      batch.of[i].unit = item.unit;
      batch.of[i].data = item.data;
      batch.of[i].offsets = item.offsets;
      batch.of[i].validity = item.validity;
      batch.of[i].type = item.type;
      batch.of[i].write();
    }
    batch.columns = batch.of[0].getPointer();
    return batch;
  }

  private Columns add(String name, int count, Pointer data, int type, String unit) {
    if (!items.isEmpty() && count != rows) {
      throw new IllegalArgumentException(
          "column '" + name + "' has " + count + " rows, the one before " + rows);
    }
    rows = count;
    Item item = new Item();
    item.name = Clv.text(name);
    item.unit = unit == null ? null : Clv.text(unit);
    item.data = data;
    item.type = type;
    items.add(item);
    return this;
  }

  private static Memory copy(double[] values) {
    Memory to = new Memory(Math.max(1, 8L * values.length));
    to.write(0, values, 0, values.length);
    return to;
  }

  private static Memory copy(long[] values) {
    Memory to = new Memory(Math.max(1, 8L * values.length));
    to.write(0, values, 0, values.length);
    return to;
  }

  private static Pointer address(Buffer direct, ByteOrder order) {
    if (!direct.isDirect() || order != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException("the buffer must be direct and in the machine's byte order");
    }
    return new Lying(direct);
  }
}
