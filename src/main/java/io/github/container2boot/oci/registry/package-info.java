/// Images in registries, read over HTTP (OCI distribution specification 1.1, "Pull").
///
/// ```
/// Registry ── opens ──► Image over RegistryBlobs ── opens ──► BlobInputStream (resumes)
///                                                                  │ bytes from …
///                              Repository (HTTPS or HTTP, status) ◄┘
///                              ├─ Authorizer (challenge → token or password)
///                              └─ Http (redirects, one client for each origin) ──► Body (stalls)
/// ```
///
/// What we decided:
///
/// - Nothing is stored. A layer flows from the wire through its digest and decompressor into its
///   layer image, and is not asked for if that is in the cache: manifest and configuration are all
///   that a build with a warm cache fetches.
/// - A connection that breaks is followed by one for the rest (`Range`). What a row of failures
///   without progress is, [Patience][io.github.container2boot.oci.registry.Patience] says; a server
///   that sends a byte now and then makes no progress. Waits between attempts grow without chance;
///   `Retry-After` is respected, or, if it is longer than anybody would wait, an error.
/// - A registry lies until digest and size say otherwise: no more bytes are read than the
///   descriptor has, a wrong range or length is an error at once, and `Docker-Content-Digest` must
///   be that of the bytes.
/// - `Authorization` goes to the origin it was made for, whatever redirects there are; these never
///   lead from HTTPS to HTTP. A token server is reached by HTTPS unless the registry is not.
///   Addresses with a query, and headers, are in no message and in no exception.
/// - HTTPS comes first, always. Plain HTTP follows only for a loopback address, an `insecure` entry
///   of registries.conf, or `--tls-verify=false`, and only if no TLS is spoken there; never after a
///   certificate that is not trusted. `--tls-verify=true` forbids it for loopback too. On the
///   loopback, a [TlsProbe][io.github.container2boot.oci.registry.TlsProbe] finds out first who
///   answers TLS in HTTP.
/// - Mirrors are tried in their order, for the manifest as for the rest of a blob whose registry
///   fails in the middle.
/// - Layers as eStargz and zstd:chunked are the archives they contain. The entries that eStargz
///   adds (`stargz.index.json`, `.no.prefetch.landmark`) are part of the diffID, and podman and
///   docker extract them as the files they are; so do we.
package io.github.container2boot.oci.registry;
