/// What the user and the machine say about registries, as podman and skopeo read it: credentials,
/// mirrors and short names, certificates, proxies.
package io.github.container2boot.oci.configuration;
