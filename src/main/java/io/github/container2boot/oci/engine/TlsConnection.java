package io.github.container2boot.oci.engine;

import io.github.container2boot.oci.Closing;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// A connection to a port with TLS, whose certificate must be one of the machine's name.
final class TlsConnection implements Connection {
  private final SSLSocket socket;
  private final InputStream input;

  private TlsConnection(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.input = socket.getInputStream();
  }

  static TlsConnection connect(String host, int port, SSLContext context) throws IOException {
    int patience = Math.toIntExact(Endpoint.CONNECT_PATIENCE.toMillis());
    Socket plain = new Socket();
    return Closing.onFailure(
        plain,
        () -> {
          plain.connect(new InetSocketAddress(host, port), patience);
          plain.setSoTimeout(patience);
          SSLSocket socket =
              (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
          SSLParameters parameters = socket.getSSLParameters();
          parameters.setEndpointIdentificationAlgorithm("HTTPS");
          socket.setSSLParameters(parameters);
          socket.startHandshake();
          return new TlsConnection(socket);
        });
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public void setPatience(Duration patience) throws IOException {
    socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
