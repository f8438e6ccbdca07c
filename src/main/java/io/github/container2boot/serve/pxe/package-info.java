/// Tells firmware that boots from the network what to load: a proxyDHCP server (PXE 2.1, section
/// 2.2; DHCP is RFC 2131 and 2132, the client's architecture RFC 4578; HTTP Boot is section 24.7 of
/// UEFI 2.11).
///
/// It stands beside the network's DHCP server and never gives out an address. Who is told what is
/// somebody else's business ([BootFiles][io.github.container2boot.serve.pxe.BootFiles]);
/// [ProxyDhcp][io.github.container2boot.serve.pxe.ProxyDhcp] makes an answer of it, and
/// [ProxyDhcpServer][io.github.container2boot.serve.pxe.ProxyDhcpServer] has the sockets.
///
/// Decision 20 says why it is done so.
package io.github.container2boot.serve.pxe;
