package io.github.container2boot.serve.tftp;

import java.util.Arrays;
import java.util.Optional;

/// The error codes of RFC 1350 (appendix) and RFC 2347.
public enum TftpError {
  NOT_DEFINED(0),
  FILE_NOT_FOUND(1),
  ACCESS_VIOLATION(2),
  DISK_FULL(3),
  ILLEGAL_OPERATION(4),
  UNKNOWN_TRANSFER(5),
  FILE_EXISTS(6),
  NO_SUCH_USER(7),
  REFUSED_OPTIONS(8);

  private final int code;

  TftpError(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Optional<TftpError> ofCode(int code) {
    return Arrays.stream(values()).filter(error -> error.code == code).findFirst();
  }
}
