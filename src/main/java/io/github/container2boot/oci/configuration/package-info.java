/// What the user and the machine say about getting images: about registries as podman and skopeo
/// read it, and what docker's settings share with that.
///
/// | question | answered by | from |
/// |---|---|---|
/// | Who asks? | [CredentialStore][io.github.container2boot.oci.configuration.CredentialStore] | containers-auth.json(5), docker's `config.json`, credential helpers |
/// | Where is the image? | [RegistriesConfiguration][io.github.container2boot.oci.configuration.RegistriesConfiguration] | containers-registries.conf(5) and its drop-ins |
/// | Whom to trust? | [TlsSettings][io.github.container2boot.oci.configuration.TlsSettings] | containers-certs.d(5), the system's certificates |
/// | | [TlsFiles][io.github.container2boot.oci.configuration.TlsFiles] | files that somebody names, as docker's are |
/// | By which way? | [Proxies][io.github.container2boot.oci.configuration.Proxies] | `https_proxy`, `http_proxy`, `no_proxy` |
///
/// What we decided:
///
/// - Where the manual and the code of containers/image disagree, the code counts: it is what makes
///   `podman pull` work or not on that machine.
/// - A file that is there and cannot be read or understood is an error that names it, and the line
///   where there is one. To go on without would fetch from elsewhere, or as somebody else, than its
///   owner meant. Keys that we do not know are passed over: newer versions have more.
/// - No message holds anything of a file of credentials but the names of registries, of a helper's
///   answer or of a key nothing at all.
/// - The environment and the user's directory are parameters
///   ([Places][io.github.container2boot.oci.configuration.Places]); only a helper is a process, and
///   only its user names it.
/// - Names without a registry are never asked about. Where nothing is configured they mean what
///   docker takes them for.
package io.github.container2boot.oci.configuration;
