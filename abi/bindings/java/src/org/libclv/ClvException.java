package org.libclv;

import com.sun.jna.Pointer;
import java.util.List;

/** A failed call: its message is libclv's sentence, the rest says where and what to do. */
public final class ClvException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One sentence of libclv: an error, or a note of a job that went on. */
  public static final class Note {
    public final int status;
    public final int level;
    /** From 0; -1 where it is not about a row. */
    public final long row;
    /** Null where there is none, as with hint and plugin. */
    public final String column;
    public final String message;
    public final String hint;
    public final String plugin;

    Note(Native.DiagEntry entry) {
      status = entry.status;
      level = entry.level;
      row = entry.row;
      column = text(entry.column);
      message = text(entry.message);
      hint = text(entry.hint);
      plugin = text(entry.plugin_id);
    }

    private static String text(Pointer at) {
      return at == null ? null : at.getString(0, "UTF-8");
    }
  }

  /** CLV_E_DATA, ... */
  public final String statusName;
  /** What failed. */
  public final transient Note reason;
  /** All that was said, oldest first: also notes from before the failure. */
  public final transient List<Note> notes;

  ClvException(String statusName, List<Note> notes) {
    super(last(notes).message);
    this.statusName = statusName;
    this.reason = last(notes);
    this.notes = notes;
  }

  private static Note last(List<Note> notes) {
    for (int i = notes.size() - 1; i > 0; i--) {
      if (notes.get(i).level == Native.CLV_LOG_ERROR) return notes.get(i);
    }
    return notes.get(0);
  }
}
