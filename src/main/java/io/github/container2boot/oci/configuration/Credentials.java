package io.github.container2boot.oci.configuration;

/// What proves to a registry who asks.
///
/// @param user whom the registry knows; `<token>` with an identity token
/// @param secret a password, or the identity token
/// @param identityToken whether `secret` is a token to be exchanged (OAuth 2's refresh token)
///   rather than a password
public record Credentials(String user, String secret, boolean identityToken) {
  static final String TOKEN_USER = "<token>";

  /// As a program or a file names them: docker marks a token by the user's name.
  static Credentials of(String user, String secret) {
    return new Credentials(user, secret, user.equals(TOKEN_USER));
  }

  static Credentials ofToken(String token) {
    return new Credentials(TOKEN_USER, token, true);
  }

  /// Without the secret, so that it is in no message; nor the user, who may be one.
  @Override
  public String toString() {
    return identityToken ? "an identity token" : "a user and a password";
  }
}
