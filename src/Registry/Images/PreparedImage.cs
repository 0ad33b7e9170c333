namespace Slipway.Registry.Images;

/// <summary>An image laid out as a folder, with what it says about how to run it. The folder is complete and must not be written to.</summary>
/// <param name="Root">The folder that is the image's root directory.</param>
/// <param name="HostProcess">True for an application without an operating system around it: runs on the host, with paths relative to <paramref name="Root"/>.</param>
/// <param name="WorkingDir">As the image says, absolute within the root; <c>/</c> when it says nothing.</param>
public sealed record PreparedImage(
    string Root,
    bool HostProcess,
    IReadOnlyList<string> Entrypoint,
    IReadOnlyList<string> Cmd,
    IReadOnlyList<KeyValuePair<string, string>> Env,
    string WorkingDir,
    string? User);

/// <summary>One tag of a local repository, for lists.</summary>
public sealed record StoredImage(string Repository, string? Tag, string Digest, string MediaType, long Bytes, bool HostProcess, DateTimeOffset PushedAt);
