/// Files by TFTP, to be read only: RFC 1350 with the options of RFC 2347 (negotiation), 2348 (block
/// size), 2349 (timeout, transfer size) and 7440 (window size).
///
/// [TftpServer][io.github.container2boot.serve.tftp.TftpServer] hears requests on a well-known port
/// and starts a [Transfer][io.github.container2boot.serve.tftp.Transfer] for each, on a port of its
/// own. What a name stands for is somebody else's business
/// ([TftpFiles][io.github.container2boot.serve.tftp.TftpFiles]), so no path of a client ever meets
/// a file system.
///
/// Where the documents leave room, or clients do not follow them:
///
/// - **Block numbers wrap to 0.** They have 16 bits, and files have more blocks. RFC 1350 says
///   nothing; all that matter wrap to 0.
/// - **A duplicate acknowledgment moves nothing** (RFC 1123, 4.2.3.1, the "Sorcerer's Apprentice
///   Syndrome"). With windows, one that asks again for what was sent is obeyed once.
/// - **A block is no larger than a packet of the client's network.** Firmware asks for what its
///   network card can carry, others for the 64 KiB that the RFC allows; fragments of such are lost
///   together, or dropped by the small stacks of boot ROMs.
/// - **A request beyond what is served at once is not answered**: clients ask again, while an error
///   would end their boot.
/// - **The answer comes from the address that was asked.** Clients that got it from DHCP look. Java
///   does not tell what address a packet was sent to, so there is a socket for each address.
package io.github.container2boot.serve.tftp;
