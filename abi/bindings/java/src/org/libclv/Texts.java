package org.libclv;

import com.sun.jna.DefaultTypeMapper;
import com.sun.jna.ToNativeContext;
import com.sun.jna.ToNativeConverter;
import com.sun.jna.TypeMapper;

/** Texts cross whole or not at all: C ends a text at its first NUL and would read another one. */
final class Texts {
  /** For the parameters of {@link Native}'s functions. */
  static final TypeMapper WHOLE = mapper();

  private Texts() {}

  static String whole(String value) {
    int nul = value.indexOf('\0');
    if (nul < 0) return value;
    String message = "a text has a NUL after \"" + value.substring(0, nul) + "\", where C would end it";
    throw new IllegalArgumentException(message);
  }

  private static TypeMapper mapper() {
    DefaultTypeMapper mapper = new DefaultTypeMapper();
    mapper.addToNativeConverter(String.class, new ToNativeConverter() {
      @Override
      public Object toNative(Object value, ToNativeContext context) {
        return value == null ? null : whole((String) value);
      }

      @Override
      public Class<?> nativeType() {
        return String.class;
      }
    });
    return mapper;
  }
}
